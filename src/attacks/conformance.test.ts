// What every attack guarantees.
import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { attacked } from "../../test/support/attacked.js";
import { type DType, liveTensors, noGrad, scope, type Tensor, tensor } from "../torch/index.js";
import {
  type Attack,
  type AttackBatch,
  type AttackDefinition,
  apgd,
  apgdTargeted,
  attackDefinitions,
  type Ball,
  fabT,
  multiTargeted,
  pgd,
  square,
} from "./index.js";
import { margin } from "./steps/losses.js";

interface Entry {
  readonly make: (ball: Ball, seed: number) => Attack;
  /** Whether another seed gives other images. */
  readonly random: boolean;
}

/** Attacks that draw at random, or that need other options than few steps to be tested. */
const variants: Readonly<Record<string, Entry>> = {
  "PGD on cross entropy": {
    make: (ball, seed) => pgd({ ball, seed, steps: 8, stepSize: ball.epsilon / 3, restarts: 2 }),
    random: true,
  },
  "PGD on the margin, from the image, by its last image": {
    make: (ball, seed) =>
      pgd({ ball, seed, steps: 8, stepSize: ball.epsilon / 3, loss: "margin", randomStart: false, result: "last" }),
    random: false,
  },
  "APGD-CE": { make: (ball, seed) => apgd({ ball, seed, steps: 20, restarts: 2 }), random: true },
  "APGD-DLR": { make: (ball, seed) => apgd({ ball, seed, steps: 20, loss: "dlr" }), random: true },
  "targeted APGD-DLR": { make: (ball, seed) => apgdTargeted({ ball, seed, steps: 15 }), random: true },
  MultiTargeted: { make: (ball, seed) => multiTargeted({ ball, seed, steps: 12, restarts: 5 }), random: true },
  "targeted FAB": { make: (ball) => fabT({ ball, steps: 8, targets: 4 }), random: false },
  Square: { make: (ball, seed) => square({ ball, seed, steps: 60 }), random: true },
};

const fewSteps = 8;

/** By its declaration alone, which is how an attack that was just added is tested. */
function entryOf(definition: AttackDefinition): Entry {
  return {
    random: false,
    make(ball, seed) {
      const steps = "steps" in definition.options(ball) ? { steps: fewSteps } : {};
      return definition.attacks({ ball, seed, ...steps }, 10)[0] as Attack;
    },
  };
}

const covered = Object.values(variants).map(({ make }) => make({ norm: "inf", epsilon: 0.03 }, 1).name);
const others = attackDefinitions.filter(({ name }) => name !== "autoattack" && !covered.includes(name));
const attacks = { ...variants, ...Object.fromEntries(others.map((one) => [one.title, entryOf(one)])) };

/** Radii at which most attacks succeed on some samples and none on others. */
const balls: readonly Ball[] = [
  { norm: "inf", epsilon: 0.03 },
  { norm: "2", epsilon: 0.2 },
];

const dtypes: readonly DType[] = ["float32", "float64"];
const tolerance = { float32: 1e-6, float64: 1e-12 } as Record<DType, number>;

/** The network misclassifies these without an attack. */
const wrong = [2, 9];

const numbers = (values: Tensor) => Array.from(values.data() as Float64Array, Number);

/** |x' - x| of each sample. */
function distances(norm: Ball["norm"], images: Tensor, clean: Tensor): number[] {
  return scope(() => {
    const delta = images.sub(clean).flatten({ startDim: 1 });
    return numbers(norm === "inf" ? delta.abs().amax({ dim: [1] }) : delta.square().sum([1]).sqrt());
  });
}

const table = Object.entries(attacks).flatMap(([name, entry]) =>
  balls.flatMap((ball) => dtypes.map((dtype) => [name, ball.norm, dtype, ball, entry] as const)),
);

describe.each(table)("%s, norm %s, %s", (_, norm, dtype, ball, { make, random }) => {
  const { network, batch } = attacked(dtype, wrong);
  const model = (images: Tensor) => network.forward(images);
  const margins = (images: Tensor) => scope(() => numbers(noGrad(() => margin(model(images), batch.labels))));
  const perturbed = make(ball, 1).perturb(model, batch);

  it("returns images of the batch's shape and type", () => {
    expect([perturbed.shape, perturbed.dtype]).toEqual([batch.images.shape, dtype]);
    expect(perturbed.requiresGrad).toBe(false);
  });

  it("stays inside the ball and inside [0, 1], and leaves the batch as it was", () => {
    const slack = tolerance[dtype] as number;
    for (const distance of distances(norm, perturbed, batch.images)) {
      expect(distance).toBeLessThanOrEqual(ball.epsilon + slack);
    }
    expect(perturbed.amin().item()).toBeGreaterThanOrEqual(0);
    expect(perturbed.amax().item()).toBeLessThanOrEqual(1);
    expectAllClose(batch.images, attacked(dtype).batch.images, { rtol: 0, atol: 0 });
  });

  it("fools the network on some samples, and is nowhere worse than the clean image", () => {
    const [before, after] = [margins(batch.images), margins(perturbed)];
    const won = after.filter((value, i) => value > 0 && !wrong.includes(i));
    expect(won.length).toBeGreaterThan(0);
    after.forEach((value, i) => {
      if (value <= 0) expect(value).toBeGreaterThanOrEqual((before[i] as number) - (tolerance[dtype] as number));
    });
    for (const i of wrong) expect(after[i]).toBeGreaterThan(0);
  });

  it("returns unchanged what the network misclassifies without an attack", () => {
    for (const i of wrong) {
      expectAllClose(perturbed.select(0, i), batch.images.select(0, i), { rtol: 0, atol: 0 });
    }
  });

  it(`gives the same images again by the same seed${random ? ", and others by another" : " and by any other"}`, () => {
    expectAllClose(make(ball, 1).perturb(model, batch), perturbed, { rtol: 0, atol: 0 });
    const other = make(ball, 2).perturb(model, batch);
    expect((numbers(other.sub(perturbed).abs().amax())[0] as number) > 0).toBe(random);
  });

  it("gives parameters no gradient", () => {
    expect(network.parameters().map(({ grad }) => grad)).toEqual(network.parameters().map(() => null));
  });

  it("leaves no tensor behind but its result", () => {
    const before = liveTensors();
    make(ball, 1).perturb(model, batch).release();
    expect(liveTensors()).toBe(before);
  });
});

/** The batch's samples at these positions, in this order. */
function part({ images, labels, index }: AttackBatch, positions: readonly number[]): AttackBatch {
  const rows = tensor([...positions], { dtype: "int64" });
  return {
    images: images.indexSelect(0, rows),
    labels: labels.indexSelect(0, rows),
    index: Int32Array.from(positions, (position) => index[position] as number),
  };
}

const inFloat64 = table.filter(([, , dtype]) => dtype === "float64");

describe.each(inFloat64)("%s, norm %s, %s", (_, _norm, dtype, ball, { make }) => {
  it("gives a sample the same image alone, in another order and among others", () => {
    const { network, batch } = attacked(dtype, wrong);
    const model = (images: Tensor) => network.forward(images);
    const together = make(ball, 1).perturb(model, batch);
    for (const positions of [[0], [5], [11, 4, 2, 7, 1]]) {
      const rows = tensor(positions, { dtype: "int64" });
      expectAllClose(make(ball, 1).perturb(model, part(batch, positions)), together.indexSelect(0, rows), {
        rtol: 0,
        atol: 1e-9,
      });
    }
  });
});
