import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { held } from "../../test/support/held.js";
import { byMethod, tinyRecipe, tinyShapes } from "../../test/support/tiny-run.js";
import { batchBounds, createLoader, epochOrder } from "../data/index.js";
import { createModel } from "../models/index.js";
import { type Batch, crossEntropy, localState, networkForward, type Objective } from "../objectives/index.js";
import type { EpochMetrics } from "../runs/files/epoch-metrics.js";
import { type Prepared, prepare } from "../runs/prepare.js";
import type { Progress } from "../runs/progress.js";
import { parseRecipe, type RecipeInput } from "../runs/recipe/schema.js";
import { distributed, liveTensors, noGrad } from "../torch/index.js";
import type { TrainingEvent } from "./events.js";
import { initialProgress, runLoop } from "./loop.js";
import { createOptimizer } from "./session/optimizer.js";
import { createObjective, type Session } from "./session/session.js";

const plainSgd: Partial<RecipeInput> = byMethod({
  ...tinyRecipe,
  objective: "ce",
  augment: "none",
  lr: 0.05,
  schedule: "constant",
  momentum: 0,
  weightDecay: 0,
} as const);

/** A linear network, its weights from zero, which has no batch norm to make samples depend on each other. */
async function linearSession(prepared: Prepared): Promise<Session> {
  const { recipe, train, classes, normalization } = prepared;
  const dtype = "float64";
  const model = createModel("mlp", { features: 3 * 16 * 16, hidden: [], classes: classes.length }).to(dtype);
  noGrad(() => model.parameters().forEach((parameter) => void parameter.zero_()));
  const loaderOf = (samples: typeof train) => createLoader({ samples, normalization, device: "cpu", dtype });
  const loader = loaderOf(train);
  return {
    device: "cpu",
    group: distributed.soloGroup,
    kernels: "stock",
    ownedState: null,
    start: { epoch: 0 },
    compute: (body) => body(),
    model,
    network: model,
    startEpoch: () => {},
    forward: networkForward(model),
    backward: (loss) => loss.backward(),
    average: null,
    objective: await createObjective(
      prepared,
      { device: "cpu", dtype, targetNetwork: null, sampleState: localState, group: distributed.soloGroup },
      { epoch: 0 },
    ),
    optimizer: createOptimizer(recipe, model),
    loader,
    trainingSource: loader,
    testLoader: prepared.test === null ? null : loaderOf(prepared.test),
    classes: classes.length,
    notes: [],
    [Symbol.dispose]: () => {},
  };
}

/** Trains the linear network by the recipe, with the given members of the objective in the place of its own. */
async function trainLinear(
  input: Partial<RecipeInput>,
  onStep: (session: Session) => void = () => {},
  method: Partial<Objective> = {},
) {
  const prepared = await prepare(parseRecipe({ data: "shapes", ...plainSgd, ...input }), tinyShapes);
  const linear = await linearSession(prepared);
  const session = { ...linear, objective: { ...linear.objective, ...method } };
  const events: TrainingEvent[] = [];
  const saved: { progress: Progress; best: boolean }[] = [];
  const { progress } = await runLoop({
    prepared,
    session,
    from: initialProgress(prepared),
    emit: (event) => {
      events.push(event);
      if (event.type === "step") onStep(session);
    },
    save: async (at, best) => void saved.push({ progress: at, best }),
  });
  const lines = events.flatMap((event): EpochMetrics[] => (event.type === "epoch" ? [event.metrics] : []));
  return { prepared, session, events, lines, saved, progress };
}

const weightsOf = ({ model }: Session) =>
  model.parameters().flatMap((parameter) => Array.from(parameter.data(), Number));

/** Softmax regression by plain loops, over the given batches of samples. */
function plainRegression({ train, normalization }: Prepared, batches: readonly Int32Array[], lr: number): number[][] {
  const size = 3 * 16 * 16;
  const input = (sample: number) =>
    Array.from(held(train).values.subarray(sample * size, (sample + 1) * size), (pixel, i) => {
      const channel = Math.floor(i / 256);
      return (pixel / 255 - normalization.mean[channel]!) / normalization.std[channel]!;
    });
  const weights = Array.from({ length: 10 }, () => new Array<number>(size + 1).fill(0));
  for (const batch of batches) {
    const gradients = weights.map((row) => row.map(() => 0));
    for (const sample of batch) {
      const x = [...input(sample), 1];
      const z = weights.map((row) => row.reduce((sum, weight, j) => sum + weight * x[j]!, 0));
      const total = z.reduce((sum, value) => sum + Math.exp(value), 0);
      gradients.forEach((row, k) => {
        const slope = Math.exp(z[k]!) / total - (train.labels[sample] === k ? 1 : 0);
        x.forEach((value, j) => {
          row[j]! += (slope * value) / batch.length;
        });
      });
    }
    weights.forEach((row, k) => {
      for (let j = 0; j <= size; j++) row[j]! -= lr * gradients[k]![j]!;
    });
  }
  return weights;
}

describe("the loop", () => {
  it("is gradient descent over every batch of every epoch's order, as plain loops are", async () => {
    const { prepared, session } = await trainLinear({ epochs: 2, limitTrain: 31, batchSize: 10 });
    const batches = [0, 1].flatMap((epoch) => {
      const order = epochOrder(prepared.trainIndices, 5, epoch);
      return batchBounds(31, 10).map(([start, end]) => order.subarray(start, end));
    });
    expect(batches.map((batch) => batch.length)).toEqual([10, 10, 11, 10, 10, 11]);
    const weights = plainRegression(prepared, batches, 0.05);
    const expected = [weights.flatMap((row) => row.slice(0, -1)), weights.map((row) => row.at(-1) as number)].flat();
    expectAllClose(weightsOf(session), expected, { rtol: 1e-5, atol: 1e-7 });
  });

  it.each([2, 3, 5, 7])("with batches in %i parts comes to the same as with whole ones", async (accumulate) => {
    const whole = await trainLinear({ limitTrain: 47, batchSize: 14 });
    const parts = await trainLinear({ limitTrain: 47, batchSize: 14, accumulate });
    expectAllClose(weightsOf(parts.session), weightsOf(whole.session), { rtol: 1e-9, atol: 1e-12 });
    expectAllClose(
      parts.lines.map(({ trainLoss }) => trainLoss),
      whole.lines.map(({ trainLoss }) => trainLoss),
      { rtol: 1e-9 },
    );
    expect(parts.lines.map(({ trainAccuracy }) => trainAccuracy)).toEqual(
      whole.lines.map(({ trainAccuracy }) => trainAccuracy),
    );
  });

  it("shows the network what the method makes of every part of a batch, and the method that part", async () => {
    const parts: Batch[] = [];
    const blank: Partial<Objective> = {
      step(forward, batch) {
        expect(batch.images.shape[0]).toBe((batch.index as Int32Array).length);
        parts.push(batch);
        const logits = forward(batch.images.mul(0));
        return { loss: crossEntropy().loss(logits, batch), logits };
      },
    };
    const { session, prepared } = await trainLinear({ epochs: 1, limitTrain: 24, accumulate: 2 }, undefined, blank);
    const [weights, biases] = session.model.parameters().map((parameter) => Array.from(parameter.data(), Number));
    expect(weights?.every((weight) => weight === 0)).toBe(true);
    expect(biases?.some((bias) => bias !== 0)).toBe(true);
    const shown = parts.map(({ index, labels }) => [[...(index as Int32Array)], [...(labels as Int32Array)]] as const);
    expect(shown.map(([index]) => index.length)).toEqual([6, 6, 6, 6]);
    for (const [index, labels] of shown) expect(labels).toEqual(index.map((sample) => prepared.train.labels[sample]));
  });

  it("with a bound on the gradient's norm takes no longer steps, and as long ones where the gradient is longer", async () => {
    const lengths = async (input: Partial<RecipeInput>) => {
      let before = new Array<number>(10 * 769).fill(0);
      const found: number[] = [];
      await trainLinear(input, (session) => {
        const after = weightsOf(session);
        found.push(Math.hypot(...after.map((weight, i) => weight - before[i]!)) / 0.05);
        before = after;
      });
      return found;
    };
    const free = await lengths({ epochs: 1 });
    expect(Math.min(...free)).toBeGreaterThan(0.5);
    for (const length of await lengths({ epochs: 1, clipGradNorm: 0.5 })) expectAllClose(length, 0.5, { rtol: 1e-5 });
    expectAllClose(await lengths({ epochs: 1, clipGradNorm: 100 }), free, { rtol: 1e-12 });
  });

  it("reports the loss and the accuracy of the epoch as trained", async () => {
    const { lines, events } = await trainLinear({ epochs: 2, limitTrain: 31, batchSize: 10 });
    const steps = events.filter((event) => event.type === "step");
    expect(steps.map(({ epoch, step, samples }) => [epoch, step, samples])).toEqual([
      [0, 0, 10],
      [0, 1, 10],
      [0, 2, 11],
      [1, 0, 10],
      [1, 1, 10],
      [1, 2, 11],
    ]);
    expectAllClose(steps[0]?.loss as number, Math.log(10), { rtol: 1e-12 });
    for (const { epoch, trainLoss, imagesPerSecond, seconds } of lines) {
      const own = steps.filter((step) => step.epoch === epoch);
      expectAllClose(trainLoss, own.reduce((sum, { loss, samples }) => sum + loss * samples, 0) / 31, { rtol: 1e-12 });
      expectAllClose(imagesPerSecond, 31 / seconds, { rtol: 1e-12 });
    }
  });

  it("evaluates every so many epochs, and the last", async () => {
    const { lines } = await trainLinear({ epochs: 8, evalEvery: 3, valFraction: 0.2 });
    const evaluated = (key: "testAccuracy" | "validationLoss") =>
      lines.filter((line) => line[key] !== undefined).map(({ epoch }) => epoch);
    expect(evaluated("testAccuracy")).toEqual([2, 5, 7]);
    expect(evaluated("validationLoss")).toEqual([2, 5, 7]);
    expect(lines.map(({ epoch }) => epoch)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it("saves after every epoch, and marks the best by validation accuracy", async () => {
    const { lines, saved } = await trainLinear({ epochs: 6, valFraction: 0.3, lr: 0.5 });
    expect(saved.map(({ progress }) => [progress.epoch, progress.step])).toEqual(lines.map((_, i) => [i + 1, 0]));
    let most = -1;
    const better = lines.map(({ validationAccuracy }) => {
      const is = (validationAccuracy as number) > most;
      if (is) most = validationAccuracy as number;
      return is;
    });
    expect(saved.map(({ best }) => best)).toEqual(better);
    expect((await trainLinear({ epochs: 2 })).saved.some(({ best }) => best)).toBe(false);
  });

  it.each([
    [1, 1, 2],
    [1, 3, 4],
    [2, 1, 4],
    [2, 3, 6],
    [3, 2, 6],
  ])(
    "evaluating every %i epochs, with patience %i, stops after %i where nothing improves",
    async (evalEvery, patience, end) => {
      const { progress } = await trainLinear({ epochs: 20, lr: 1e-12, valFraction: 0.2, evalEvery, patience });
      expect(progress.epoch).toBe(end);
    },
  );

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("stops at a gradient whose norm is %d", async (norm) => {
    let steps = 0;
    const run = trainLinear({ epochs: 3 }, ({ optimizer }) => {
      steps++;
      Object.assign(optimizer, { step: () => norm });
    });
    await expect(run).rejects.toThrow("the gradient is not finite at epoch 0, step 1");
    expect(steps).toBe(1);
  });

  it("gives back every tensor of its steps", async () => {
    const counts: number[] = [];
    await trainLinear({ epochs: 20, clipGradNorm: 1, accumulate: 2 }, () => counts.push(liveTensors()));
    expect(counts.length).toBe(100);
    expect(Math.max(...counts.slice(1))).toBeLessThanOrEqual(counts[1] as number);
  });
});
