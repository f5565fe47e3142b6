// The authors' PGD-20, in float64, from the same starting points.
import { readFileSync } from "node:fs";
import { beforeAll, expect, it } from "vitest";
import { AuthorsNetwork } from "../../test/support/authors-network.js";
import { fixture } from "../../test/support/golden.js";
import { fromStored, noGrad, ops, readWeightsFile, scope, setThreads, type Tensor } from "../torch/index.js";
import { type AttackBatch, pgd } from "./index.js";
import { ascend } from "./steps/ascend.js";
import { lossGradient } from "./steps/gradient.js";
import { crossEntropy } from "./steps/losses.js";

beforeAll(() => setThreads(1));

const golden = JSON.parse(readFileSync(fixture("golden/pgd/pgd.json"), "utf8"));
const { epsilon, step_size: stepSize, steps } = golden as Record<"epsilon" | "step_size" | "steps", number>;
const ball = { norm: "inf", epsilon } as const;

const stored = async (name: string) => fromStored(await readWeightsFile(fixture(`golden/pgd/${name}.safetensors`)));

async function load() {
  const network = new AuthorsNetwork().to("float64").eval();
  network.loadStateDict(await stored("model"));
  const given = await stored("images");
  const of = (name: string) => (given.get(name) as Tensor).to("float64");
  const labels = given.get("y") as Tensor;
  const batch: AttackBatch = {
    images: of("x"),
    labels,
    index: Int32Array.from(labels.data() as BigInt64Array, (_, i) => i),
  };
  const model = (images: Tensor) => network.forward(images);
  const accuracy = (images: Tensor) =>
    scope(() =>
      noGrad(() => model(images))
        .argmax({ dim: 1 })
        .eq(labels)
        .to("float64")
        .mean()
        .item(),
    );
  return { model, batch, noise: of("start"), expected: of("x_adv"), accuracy };
}

it("returns the authors' images within 1e-5, except where a gradient is too small to have a sign", async () => {
  const { model, batch, noise, expected, accuracy } = await load();
  const start = batch.images.add(noise);
  const signless = ops.zerosLike(start, { dtype: "bool" });
  const noteSignless = (images: Tensor) => {
    const { gradient } = lossGradient(model, images, (logits) => crossEntropy(logits, batch.labels));
    signless.copy_(signless.logicalOr(gradient.abs().lt(1e-7)));
  };
  noteSignless(start);
  const last = ascend({
    model,
    batch,
    ball,
    loss: crossEntropy,
    start,
    steps,
    stepSize: () => stepSize,
    onStep: (images, _, step) => {
      if (step < steps) noteSignless(images);
    },
  });

  const differ = last.sub(expected).abs().gt(1e-5);
  const count = (flags: Tensor) => flags.sum().item();
  expect(count(differ.logicalAnd(signless.logicalNot()))).toBe(0);
  // Of 9,216 pixels.
  expect(count(signless)).toBeLessThanOrEqual(6);
  expect(accuracy(batch.images)).toBe(golden.natural_accuracy);
  expect(accuracy(last)).toBeCloseTo(golden.robust_accuracy, 6);
});

it("returns by its best images no lower success rate than by the last ones", async () => {
  const { model, batch, accuracy } = await load();
  const robust = (result: "best" | "last") => accuracy(pgd({ ball, stepSize, steps, result }).perturb(model, batch));
  expect(robust("best")).toBeLessThanOrEqual(robust("last"));
  expect(robust("last")).toBeLessThan(0.5);
});
