import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { forwardOf } from "../../test/support/given-forward.js";
import { liveTensors, manualSeed, nn, noGrad, ops, scope, type Tensor, tensor } from "../torch/index.js";
import { innerAttack } from "./adversarial.js";
import { crossEntropy, type Forward, networkForward, pgdTraining, selfAdaptive, trades } from "./index.js";

const labels = [0, 2, 1];
const batch = { labels, index: [0, 1, 2], epoch: 1 };
const [samples, channels, side, classes] = [3, 2, 3, 3];
const pixels = channels * side * side;

/** Images in the middle of the range, so that nothing is clamped; `spread` 0.5 reaches its ends. */
function imagesOf(spread = 0.3): Tensor {
  const values = Array.from({ length: samples * pixels }, (_, i) => 0.5 + spread * Math.sin(1 + 2.3 * i));
  return tensor(values, { shape: [samples, channels, side, side], dtype: "float64" });
}

const noise = tensor(
  Array.from({ length: samples * pixels }, (_, i) => Math.cos(3 + 1.7 * i)),
  { shape: [samples, channels, side, side], dtype: "float64" },
);
const start = (at: Tensor) => at.add(noise, { alpha: 0.001 });

class Small extends nn.Module {
  readonly norm = new nn.BatchNorm2d(channels);
  readonly hidden = new nn.Linear(pixels, 8);
  readonly out = new nn.Linear(8, classes);

  override forward(images: Tensor): Tensor {
    return this.out.forward(this.hidden.forward(this.norm.forward(images).flatten({ startDim: 1 })).tanh());
  }
}

function small(): Small {
  manualSeed(4);
  return new Small().to("float64");
}

/** A linear network, in plain numbers too: z_j = sum_p W_jp x_p. */
const weights = Array.from({ length: classes }, (_, j) =>
  Array.from({ length: pixels }, (_, p) => Math.sin(1 + j + 0.9 * p)),
);
const linear = forwardOf((images) => images.flatten({ startDim: 1 }).matmul(tensor(weights, { dtype: "float64" }).t()));

/** The images that PGD adversarial training gives the network in training. */
function attackedBy(forward: Forward, images: Tensor, options: Parameters<typeof pgdTraining>[0] = {}): Tensor {
  let given = images;
  const watched = Object.assign((at: Tensor) => {
    given = at;
    return forward(at);
  }, forward);
  pgdTraining(options).step(watched, { ...batch, images });
  return given;
}

/** The search without a step of training after it. */
const searchAlone = (network: Forward, options: { readonly attackSteps?: number } = {}) =>
  innerAttack(options, start)(network, imagesOf(), () => (outputs) => outputs.square().sum());

function softmax(row: readonly number[]): number[] {
  const z = weights.map((w) => w.reduce((sum, value, p) => sum + value * (row[p] as number), 0));
  const e = z.map((value) => Math.exp(value - Math.max(...z)));
  const sum = e.reduce((a, b) => a + b, 0);
  return e.map((value) => value / sum);
}

/** The search in plain loops; `wanted` are the probabilities that the cross entropy climbed is taken with. */
function plainSearch(row: readonly number[], begin: readonly number[], wanted: readonly number[]): number[] {
  let moving = [...begin];
  for (let step = 0; step < 10; step++) {
    const p = softmax(moving);
    moving = moving.map((value, at) => {
      const slope = p.reduce((sum, pj, j) => sum + (pj - (wanted[j] as number)) * (weights[j]?.[at] as number), 0);
      const within = Math.min(
        Math.max(value + 0.007 * Math.sign(slope), (row[at] as number) - 0.031),
        (row[at] as number) + 0.031,
      );
      return Math.min(Math.max(within, 0), 1);
    });
  }
  return moving;
}

const rowsOf = (images: Tensor) => images.flatten({ startDim: 1 }).toArray() as number[][];

describe("the search for the worst images", () => {
  it.each([0.3, 0.5])("is that of plain loops, against the labels (pixels %d around the middle)", (spread) => {
    const images = imagesOf(spread);
    const found = rowsOf(attackedBy(linear, images, { start }));
    const begin = rowsOf(start(images));
    const plain = rowsOf(images).map((row, i) =>
      plainSearch(
        row,
        begin[i] as number[],
        [0, 1, 2].map((j) => (j === labels[i] ? 1 : 0)),
      ),
    );
    expectAllClose(found, plain, { rtol: 0, atol: 1e-12 });
  });

  it("is that of plain loops, away from the answers to the images as they are", () => {
    const images = imagesOf();
    const begin = rowsOf(start(images));
    const plain = rowsOf(images).map((row, i) => plainSearch(row, begin[i] as number[], softmax(row)));
    let shown: Tensor | null = null;
    const watched = forwardOf((given) => {
      shown = given;
      return linear(given);
    });
    trades({ start }).step(watched, { ...batch, images });
    expectAllClose(rowsOf(shown as unknown as Tensor), plain, { rtol: 0, atol: 1e-12 });
  });

  it("stays within the radius and the pixels' range, and drives the loss up", () => {
    const images = imagesOf(0.5);
    manualSeed(2);
    const found = attackedBy(linear, images, { epsilon: 0.1, attackStepSize: 0.03 });
    expect(found.sub(images).abs().max().item()).toBeLessThanOrEqual(0.1 + 1e-12);
    expect([found.min().item() >= 0, found.max().item() <= 1]).toEqual([true, true]);
    const lossOf = (at: Tensor) => crossEntropy().loss(linear(at), batch).item();
    expect(lossOf(found)).toBeGreaterThan(lossOf(images) + 0.1);
  });

  it("is among pixels where the network is given normalized ones: as if the network itself normalized", () => {
    const normalization = { mean: [0.4, 0.5], std: [0.2, 0.3] };
    const perChannel = (values: readonly number[]) => tensor([...values], { shape: [1, 2, 1, 1], dtype: "float64" });
    const normalized = (at: Tensor) => at.sub(perChannel(normalization.mean)).div(perChannel(normalization.std));
    const inside = forwardOf((at) => linear(normalized(at)));
    const images = imagesOf();
    const outside = attackedBy(linear, normalized(images), { normalization, start });
    expectAllClose(outside, normalized(attackedBy(inside, images, { start })), {
      rtol: 0,
      atol: 1e-12,
    });
  });

  it("is the same to the last bit with mean 0 and deviation 1 as without a normalization", () => {
    const images = imagesOf(0.5).to("float32");
    const single = forwardOf((at) => linear(at.to("float64")));
    const found = (normalization?: { mean: number[]; std: number[] }) =>
      attackedBy(single, images, { normalization, start: (at) => at.clone() });
    expectAllClose(found({ mean: [0, 0], std: [1, 1] }), found(), { rtol: 0, atol: 0 });
  });

  it("sees the network in evaluation mode, and leaves mode, statistics and gradients as they were", () => {
    const model = small();
    const modes: boolean[] = [];
    const network = networkForward(model, (body) => {
      modes.push(model.training);
      return body();
    });
    const before = [...model.stateDict().values()].map((value) => value.clone());
    searchAlone(network);
    expect(modes).toEqual(new Array(10).fill(false));
    expect(model.training).toBe(true);
    [...model.stateDict().values()].forEach((value, i) => {
      expectAllClose(value, before[i] as Tensor, { rtol: 0, atol: 0 });
    });
    expect(model.parameters().map(({ grad }) => grad)).toEqual(model.parameters().map(() => null));
  });

  it("holds no more tensors for more steps", () => {
    const model = small();
    const live = (attackSteps: number) => {
      let most = 0;
      const network = networkForward(model, (body) => {
        most = Math.max(most, liveTensors());
        return body();
      });
      scope(() => void searchAlone(network, { attackSteps }));
      return most;
    };
    expect(live(40)).toBe(live(4));
  });

  it.each([{ epsilon: 0 }, { attackSteps: 0 }, { attackStepSize: Number.NaN }, { tradesBeta: -1 }])(
    "refuses %o",
    (options) => {
      expect(() => trades(options)).toThrow(RangeError);
    },
  );
});

describe("TRADES", () => {
  /** The loss as the loop computes it, running statistics being as in the beginning. */
  const lossOf = (model: Small, options: Partial<Parameters<typeof trades>[0]> = {}) => {
    noGrad(() => [model.norm.runningMean.zero_(), model.norm.runningVar.fill_(1)]);
    return trades({ start, ...options }).step(networkForward(model), { ...batch, images: imagesOf() }).loss;
  };

  it("has the gradient of finite differences by every parameter, through both passes", () => {
    const model = small();
    lossOf(model).backward();
    const h = 1e-6;
    for (const parameter of model.parameters()) {
      const flat = parameter.detach().flatten();
      const slopes = Array.from({ length: Math.min(12, flat.size) }, (_, i) => {
        const moved = (by: number) => {
          noGrad(() => void flat.select(0, i).add_(by));
          const loss = scope(() => lossOf(model).item());
          noGrad(() => void flat.select(0, i).add_(-by));
          return loss;
        };
        return (moved(h) - moved(-h)) / (2 * h);
      });
      const own = (parameter.grad as Tensor).flatten().narrow(0, 0, slopes.length);
      expectAllClose(own, slopes, { rtol: 1e-5, atol: 1e-7 });
    }
  });

  it("takes two passes in training mode, the images as they are before the attacked ones", () => {
    const model = small();
    const training: boolean[] = [];
    const network = networkForward(model, (body) => {
      training.push(model.training);
      return body();
    });
    trades().step(network, { ...batch, images: imagesOf() });
    expect(training).toEqual([...new Array(11).fill(false), true, true]);
    expect(model.norm.batchesTracked.item()).toBe(2);
  });

  it("is its natural loss where agreement weighs nothing, and more where it weighs", () => {
    const natural = crossEntropy().loss(small().forward(imagesOf()), batch).item();
    expectAllClose(lossOf(small(), { tradesBeta: 0 }), natural, { rtol: 1e-14 });
    expect(lossOf(small()).item()).toBeGreaterThan(natural);
  });

  it("with self-adaptive targets is the same before the start; then the targets follow the answers to the images as they are", () => {
    const targets = () => selfAdaptive({ labels, classes, startEpoch: 1, momentum: 0.6, dtype: "float64" });
    const before = { ...batch, epoch: 0 };
    const model = small();
    const objective = trades({ natural: targets(), start });
    const stepOn = (at: typeof batch) => objective.step(networkForward(model), { ...at, images: imagesOf() });
    expectAllClose(stepOn(before).loss, lossOf(small()), { rtol: 1e-14 });
    expectAllClose(
      objective.targets as Tensor,
      ops.eye(3, { dtype: "float64" }).indexSelect(0, tensor(labels, { dtype: "int64" })),
      {
        atol: 0,
      },
    );

    const alone = targets();
    const { loss, logits } = stepOn(batch);
    expect(loss.item()).toBeGreaterThan(alone.loss(logits as Tensor, batch).item());
    expectAllClose(objective.targets as Tensor, alone.targets, { rtol: 0, atol: 0 });
    expect([...objective.state().keys()]).toEqual(["targets"]);
  });
});
