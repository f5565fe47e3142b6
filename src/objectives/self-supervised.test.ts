// The methods that learn without labels, against plain loops, and what holds of all of them.
import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { forwardOf, givenOutputs } from "../../test/support/given-forward.js";
import { mean, randomLogits } from "../../test/support/plain-softmax.js";
import { liveTensors, manualSeed, nn, noGrad, scope, type Tensor, tensor } from "../torch/index.js";
import {
  byol,
  emaTargetNetwork,
  moco,
  type Objective,
  risingMomentum,
  selfAdaptiveRepresentations,
  simClr,
  simSiam,
  takeStep,
} from "./index.js";

const d = 3;
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const unit = (v: readonly number[]) => v.map((value) => value / Math.sqrt(dot(v, v)));
const distance = (a: readonly number[][], b: readonly number[][]) => mean(a.map((row, i) => 2 - 2 * dot(row, b[i]!)));
const wide = (values: number[][]) => tensor(values, { dtype: "float64" });
const exactly = { rtol: 1e-12, atol: 1e-14 };

/** A linear map as trained network and as target network, in float64. */
function pair() {
  const make = () => new nn.Linear(4, d, { bias: false }).to("float64");
  manualSeed(5);
  const [online, copy] = [make(), make()];
  return { online, targetNetwork: emaTargetNetwork(online, copy), weight: copy.weight };
}

const batch = (index: readonly number[]) => ({ labels: index.map(() => 0), index, epoch: 0 });
/** The loss of a step in which the network makes `outputs` of the images. */
const lossBy = (objective: Objective, images: Tensor, outputs: Tensor, index: readonly number[]) =>
  takeStep(objective, givenOutputs(outputs), { ...batch(index), images }).loss;
const rowsOf = (weight: Tensor, images: number[][]) => {
  const w = weight.toArray() as number[][];
  return images.map((x) => unit(w.map((row) => dot(row, x))));
};

describe("self-adaptive representations", () => {
  it("equal a plain loop over several visits, targets of unit length, the target network moving after each", () => {
    const { online, targetNetwork, weight } = pair();
    const ours = selfAdaptiveRepresentations({
      samples: 5,
      dimension: d,
      targetNetwork,
      targetMomentum: 0.6,
      encoderMomentum: () => 0.9,
      dtype: "float64",
    });
    const targets = new Map<number, number[]>();
    const targetsOf = () => ours.state().get("representations")!.toArray() as number[][];
    for (let visit = 0; visit < 4; visit++) {
      const index = [4, 1, 2].map((i) => (i + visit) % 5);
      const [images, outputs] = [randomLogits(visit + 1, 3, 4), randomLogits(visit + 9, 3, 2 * d)];
      const z = rowsOf(weight, images);
      index.forEach((sample, i) => {
        const before = targets.get(sample);
        targets.set(sample, before === undefined ? z[i]! : unit(before.map((t, j) => 0.6 * t + 0.4 * z[i]![j]!)));
      });
      const loss = lossBy(ours, wide(images), wide(outputs), index);
      const q = outputs.map((row) => unit(row.slice(0, d)));
      expectAllClose(
        loss,
        distance(
          q,
          index.map((sample) => targets.get(sample)!),
        ),
        exactly,
      );
      for (const [sample, target] of targets) expectAllClose(wide([targetsOf()[sample]!]), [target], exactly);
      for (const target of targets.values()) expect(dot(target, target)).toBeCloseTo(1, 12);
      const [was, learnt] = [weight.toArray() as number[][], online.weight.toArray() as number[][]];
      noGrad(() => online.weight.add_(0.1));
      ours.afterStep?.(0.5);
      const moved = was.map((row, i) => row.map((value, j) => 0.9 * value + 0.1 * (learnt[i]![j]! + 0.1)));
      expectAllClose(weight, moved, exactly);
    }
  });

  it("with a momentum of zero are BYOL of a single view, bit for bit", () => {
    const { targetNetwork } = pair();
    const ours = selfAdaptiveRepresentations({
      samples: 5,
      dimension: d,
      targetNetwork,
      targetMomentum: 0,
      dtype: "float64",
    });
    const theirs = byol({ targetNetwork, views: 1 });
    for (let visit = 1; visit < 4; visit++) {
      const [images, index] = [wide(randomLogits(visit, 3, 4)), [visit, 0, 4]];
      const losses = [ours, theirs].map((objective) => {
        const outputs = tensor(randomLogits(visit + 5, 3, 2 * d), { dtype: "float64", requiresGrad: true });
        const loss = lossBy(objective, images, outputs, index);
        loss.backward();
        return [loss.item(), outputs.grad!.toArray()];
      });
      expect(losses[0]).toEqual(losses[1]);
    }
  });

  it("may start at random directions, which later visits turn", () => {
    const { targetNetwork } = pair();
    manualSeed(1);
    const ours = selfAdaptiveRepresentations({ samples: 50, dimension: d, targetNetwork, initialTargets: "random" });
    const rows = ours.state().get("representations")!.toArray() as number[][];
    for (const row of rows) expect(dot(row, row)).toBeCloseTo(1, 5);
    expect(Math.abs(mean(rows.map((row) => row[0]!)))).toBeLessThan(0.3);
  });

  it("keeps targets in half precision where it is told to, near the whole ones", () => {
    const { targetNetwork } = pair();
    const options = { samples: 5, dimension: d, targetNetwork };
    const [whole, half] = [
      selfAdaptiveRepresentations(options),
      selfAdaptiveRepresentations({ ...options, dtype: "float16" }),
    ];
    for (let visit = 1; visit < 6; visit++) {
      const images = wide(randomLogits(visit, 5, 4));
      const losses = [whole, half].map((objective) => {
        const outputs = wide(randomLogits(visit + 5, 5, 2 * d));
        return lossBy(objective, images, outputs, [0, 1, 2, 3, 4]).item();
      });
      expect(Math.abs(losses[0]! - losses[1]!)).toBeLessThan(4e-3);
    }
    expect(half.state().get("representations")?.dtype).toBe("float16");
  });
});

describe("its rivals equal plain loops", () => {
  const outputs = randomLogits(3, 4, 2 * d);
  const images = randomLogits(4, 4, 4);

  it("BYOL, both views", () => {
    const { targetNetwork, weight } = pair();
    const ours = byol({ targetNetwork });
    const q = outputs.map((row) => unit(row.slice(0, d)));
    const z = rowsOf(weight, images);
    const expected = distance(q.slice(0, 2), z.slice(2)) + distance(q.slice(2), z.slice(0, 2));
    expectAllClose(lossBy(ours, wide(images), wide(outputs), [0, 1]), expected, exactly);
  });

  it("SimSiam, projections being constants", () => {
    const z = tensor(outputs, { dtype: "float64", requiresGrad: true });
    const loss = lossBy(simSiam(), wide(images), z, [0, 1]);
    const [p, c] = [outputs.map((row) => unit(row.slice(0, d))), outputs.map((row) => unit(row.slice(d)))];
    const across = [2, 3, 0, 1].map((other, i) => dot(p[i]!, c[other]!));
    expectAllClose(loss, -mean(across), exactly);
    loss.backward();
    expect(z.grad!.narrow(1, d, d).abs().sum().item()).toBe(0);
    expect(z.grad!.narrow(1, 0, d).abs().sum().item()).toBeGreaterThan(0);
  });

  it("SimCLR", () => {
    const z = outputs.map(unit);
    const losses = z.map((row, i) => {
      const shares = z.map((other, j) => (j === i ? 0 : Math.exp(dot(row, other) / 0.3)));
      return -Math.log(shares[(i + 2) % 4]! / shares.reduce((sum, share) => sum + share, 0));
    });
    expectAllClose(lossBy(simClr({ temperature: 0.3 }), wide(images), wide(outputs), [0, 1]), mean(losses), exactly);
  });

  it("MoCo, whose queue holds the newest keys in the place of the oldest", () => {
    const { targetNetwork, weight } = pair();
    manualSeed(2);
    const ours = moco({ targetNetwork, dimension: d, queue: 3, temperature: 0.4, dtype: "float64" });
    const queue = ours.state().get("queue")!.toArray() as number[][];
    let oldest = 0;
    for (let visit = 1; visit < 4; visit++) {
      const [seen, queries] = [randomLogits(visit, 4, 4), randomLogits(visit + 7, 2, d)];
      const forward = forwardOf((given) => {
        expectAllClose(given, seen.slice(0, 2), exactly);
        return wide(queries);
      });
      const { loss } = takeStep(ours, forward, { ...batch([0, 1]), images: wide(seen) });
      const keys = rowsOf(weight, seen.slice(2));
      const losses = queries.map((query, i) => {
        const scores = [keys[i]!, ...queue].map((key) => Math.exp(dot(unit(query), key) / 0.4));
        return -Math.log(scores[0]! / scores.reduce((sum, score) => sum + score, 0));
      });
      expectAllClose(loss, mean(losses), exactly);
      for (const key of keys) {
        queue[oldest] = key;
        oldest = (oldest + 1) % 3;
      }
      expectAllClose(ours.state().get("queue")!, queue, exactly);
    }
  });

  it("a momentum that rises from its base to one", () => {
    const momentum = risingMomentum(0.9);
    expect([momentum(0), momentum(0.5), momentum(1), momentum(2)].map((m) => Number(m.toFixed(12)))).toEqual([
      0.9, 0.95, 1, 1,
    ]);
  });
});

const methods: Record<string, () => Objective> = {
  "self-adaptive": () =>
    selfAdaptiveRepresentations({ samples: 6, dimension: d, targetNetwork: pair().targetNetwork, dtype: "float64" }),
  BYOL: () => byol({ targetNetwork: pair().targetNetwork }),
  SimSiam: () => simSiam(),
  SimCLR: () => simClr(),
  MoCo: () => {
    const { targetNetwork } = pair();
    manualSeed(3);
    return moco({ targetNetwork, dimension: d, queue: 6, dtype: "float64" });
  },
};

describe.each(Object.entries(methods))("%s", (name, make) => {
  /** One step as the loop makes it: the views of two samples, the network's outputs on what is shown, the step after. */
  function step(objective: Objective, seed: number): number {
    return scope(() => {
      const images = wide(randomLogits(seed, 2 * objective.views!, 4));
      const forward = forwardOf((given) => wide(randomLogits(seed + 20, given.shape[0]!, name === "MoCo" ? d : 2 * d)));
      const index = [seed % 6, (seed + 1) % 6];
      const loss = takeStep(objective, forward, { ...batch(index), images }).loss.item();
      objective.afterStep?.(seed / 10);
      return loss;
    });
  }

  it("is resumed exactly from its state", () => {
    const whole = make();
    for (const seed of [1, 2, 3]) step(whole, seed);
    const resumed = make();
    resumed.load(new Map([...whole.state()].map(([key, value]) => [key, value.clone()])));
    for (const seed of [4, 5]) expect(step(resumed, seed)).toBe(step(whole, seed));
  });

  it("keeps no tensor of a step but its state", () => {
    const objective = make();
    step(objective, 1);
    const before = liveTensors();
    for (const seed of [2, 3, 4]) step(objective, seed);
    expect(liveTensors()).toBe(before);
  });

  it("passes the gradient that finite differences give", () => {
    const images = randomLogits(2, 4, 4);
    const lossOf = (rows: number[][], requiresGrad = false) => {
      const objective = make();
      const seen = wide(images.slice(0, 2 * objective.views!));
      const outputs = tensor(rows.slice(0, name === "MoCo" ? 2 : seen.shape[0]), { dtype: "float64", requiresGrad });
      return { outputs, loss: lossBy(objective, seen, outputs, [0, 3]) };
    };
    const z = randomLogits(6, 4, name === "MoCo" ? d : 2 * d);
    const { outputs, loss } = lossOf(z, true);
    loss.backward();
    const gradient = outputs.grad!.toArray() as number[][];
    const h = 1e-6;
    for (const [i, row] of gradient.entries()) {
      for (const [j, own] of row.entries()) {
        // SimSiam's projections are constants by design, though the loss depends on them.
        if (name === "SimSiam" && j >= d) continue;
        const at = (by: number) =>
          lossOf(z.map((r, a) => r.map((value, b) => (a === i && b === j ? value + by : value)))).loss.item();
        expect(Math.abs(own - (at(h) - at(-h)) / (2 * h))).toBeLessThan(1e-7);
      }
    }
  });
});
