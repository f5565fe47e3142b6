// Training with parts that are not the package's: a loss, a model, an optimizer, and a whole method.
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  defineMethod,
  evaluateRun,
  type RecipeInput,
  registerMethod,
  type TrainingEvent,
  type TrainOptions,
  train,
} from "../../src/index.js";
import { methodNamed } from "../../src/methods/index.js";
import { nn, ops, optim, type Tensor, tensor } from "../../src/torch/index.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { byMethod, outcomeOf, tinyRecipe, tinyShapes } from "../support/tiny-run.js";

declare module "../../src/index.js" {
  interface RegisteredOptions {
    polyWeight?: number;
  }
}

const folder = temporaryFolder();
const { objective: _, model: __, ...shared } = byMethod({ ...tinyRecipe, objective: "ce" });
const recipe = { ...shared, augment: "none", width: 1 } as const;

class Linear extends nn.Module {
  readonly linear = new nn.Linear(3 * 16 * 16, 10);

  override forward(images: Tensor): Tensor {
    return this.linear.forward(images.contiguous().flatten({ startDim: 1 }));
  }
}

/** Wants more memory than any machine has, for a batch. */
class Enormous extends Linear {
  override forward(images: Tensor): Tensor {
    const logits = super.forward(images);
    return (images.shape[0] as number) > 2 ? logits.add(ops.zeros([2 ** 46]).sum()) : logits;
  }
}

/** Mean squared distance of the probabilities from the label, and how often it was computed. */
function brier() {
  const visits = tensor([0], { dtype: "int64" });
  return {
    loss(logits: Tensor, { labels }: { readonly labels: unknown }): Tensor {
      visits.add_(1);
      const given = tensor(Array.from(labels as Int32Array), { dtype: "int64" });
      return ops.oneHot(given, { numClasses: 10 }).sub(logits.softmax(1)).square().sum([1]).mean();
    },
    state: () => new Map([["visits", visits]]),
    load: (state: ReadonlyMap<string, Tensor>) => void visits.copy_(state.get("visits") as Tensor),
    visits,
  };
}

/** Trains in sittings of at most `steps` steps until the run is finished. */
async function inSittings(input: Parameters<typeof train>[0], parts: () => TrainOptions, steps: number) {
  for (let sitting = 0; ; sitting++) {
    const stop = new AbortController();
    let taken = 0;
    const count = ({ type }: TrainingEvent) => void (type === "step" && ++taken === steps && stop.abort());
    const options = { ...parts(), dataSet: tinyShapes, resume: sitting > 0, listeners: [count], signal: stop.signal };
    const { summary } = await train(sitting > 0 ? {} : input, options);
    if (summary !== null) return summary;
  }
}

describe("a loss, a model and an optimizer of one's own", () => {
  const optimizer = (parameters: readonly Tensor[]) => optim.adam(parameters, { lr: 0.01 });
  const parts = (out: string) => () => ({ out, objective: brier(), model: () => new Linear(), optimizer });

  it("train, are recorded as such, and resume exactly, the loss's own state included", async () => {
    const [whole, stopped] = [folder("whole"), folder("stopped")];
    const own = parts(whole)();
    const { summary } = await train(recipe, { ...own, dataSet: tinyShapes });
    expect(summary).toMatchObject({ objective: "custom", model: "custom", epochs: 3, parameters: 7690 });
    expect(own.objective.visits.item()).toBe(15);
    await inSittings(recipe, parts(stopped), 4);
    expect(outcomeOf(stopped)).toEqual(outcomeOf(whole));
  });

  it("are evaluated with the model given, whose outputs are those at the end of training", async () => {
    const [run, model] = [folder("evaluated"), new Linear()];
    const { summary } = await train(recipe, { out: run, objective: brier(), model, dataSet: tinyShapes });
    const test = { ...tinyShapes, train: tinyShapes.test!, test: null };
    const evaluation = await evaluateRun(run, { dataSet: test, model: new Linear(), device: "cpu" });
    expect(evaluation.testAccuracy).toBe(summary?.testAccuracy);
    expect(model.linear.weight.isfinite().all().item()).toBeTruthy();
  });

  it.each([
    ["no objective to resume with", "objective", "this run's objective is custom"],
    ["no model to resume with", "model", "this run's model is custom"],
    ["no optimizer to resume with", "optimizer", "this run's optimizer is custom"],
  ] as const)("are refused with %s", async (_case, missing, message) => {
    const out = folder(`without-${missing}`);
    await train({ ...recipe, epochs: 1 }, { ...parts(out)(), dataSet: tinyShapes });
    const { [missing]: __missing, ...rest } = parts(out)();
    await expect(train({}, { ...rest, dataSet: tinyShapes, resume: true })).rejects.toThrow(message);
  });

  it("are refused beside a name for the same part, and a model beside averaged weights", async () => {
    const named = train({ ...recipe, objective: "gce" }, { objective: brier(), dataSet: tinyShapes });
    await expect(named).rejects.toThrow("received gce and an object; expected one of them");
    const averaged = train({ ...recipe, emaDecay: 0.9 }, { model: new Linear(), dataSet: tinyShapes });
    await expect(averaged).rejects.toThrow("pass a function that makes the model");
  });
});

describe("a method defined outside of the package", () => {
  registerMethod(
    defineMethod({
      name: "polynomial",
      title: "a loss with a polynomial beside cross entropy",
      family: "supervised",
      options: { polyWeight: z.number().min(0).default(1).describe("weight of 1 - p of the label") },
      create: (_context, { polyWeight }) => ({
        name: "polynomial",
        loss(logits, { labels }) {
          const given = tensor(Array.from(labels as Int32Array), { dtype: "int64" }).unsqueeze(1);
          const own = logits.logSoftmax(1).gather(1, given);
          return own.neg().add(own.exp().rsub(1).mul(polyWeight)).mean();
        },
        state: () => new Map(),
        load: () => {},
      }),
    }),
  );
  const input: Partial<RecipeInput> = { ...recipe, model: "mlp", objective: "polynomial", polyWeight: 2 };

  it("has a name of its own", () => {
    const named = (name: string) => () => registerMethod({ ...methodNamed("polynomial"), name });
    expect(named("polynomial")).toThrow('a method "polynomial" is registered already');
    expect(named("custom")).toThrow('a method cannot be named "custom"');
  });

  it("trains by its name and options, resumes exactly, and is evaluated", async () => {
    const [whole, stopped] = [folder("method"), folder("method-stopped")];
    const { summary } = await train(input, { out: whole, dataSet: tinyShapes });
    expect(summary).toMatchObject({ objective: "polynomial" });
    await inSittings(input, () => ({ out: stopped }), 4);
    expect(outcomeOf(stopped)).toEqual(outcomeOf(whole));
    const test = { ...tinyShapes, train: tinyShapes.test!, test: null };
    const { testAccuracy } = await evaluateRun(whole, { dataSet: test, device: "cpu" });
    expect(testAccuracy).toBe(summary?.testAccuracy);
  });

  it("refuses its options out of range, and keys of other methods", async () => {
    const wrong = (keys: object) => train({ ...input, ...keys }, { dataSet: tinyShapes });
    await expect(wrong({ polyWeight: -1 })).rejects.toThrow("`polyWeight`: received -1");
    await expect(wrong({ queue: 5 })).rejects.toThrow(
      "received 5 with `objective: polynomial`; it is an option of moco",
    );
  });
});

describe("a step that needs more memory than there is", () => {
  it("ends with advice in one line, and the same command works again", async () => {
    const out = folder("enormous");
    const dataSet = tinyShapes;
    await expect(train(recipe, { out, dataSet, model: () => new Enormous() })).rejects.toThrow(
      /out of memory.*; `accumulate: 2` splits each batch, `batchSize: 6` makes it smaller$/,
    );
    const { summary } = await train(recipe, { out, dataSet, model: () => new Linear() });
    expect(summary?.epochs).toBe(recipe.epochs);
  });
});
