// The public library, used as the README and the design show it.
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  createModel,
  crossEntropy,
  findIssues,
  InputError,
  inspectRun,
  loadWeights,
  saveWeights,
  selfAdaptive,
  train,
} from "../src/index.js";
import { grad, noGrad, ops, optim, scope, tensor } from "../src/torch/index.js";
import { expectAllClose } from "./support/all-close.js";
import { temporaryFolder } from "./support/temporary-folder.js";
import { tinyRecipe, tinyShapes } from "./support/tiny-run.js";

const folder = temporaryFolder();
const weights = (name: string) => new URL(`fixtures/weights/${name}`, import.meta.url).pathname;

describe("self-adaptive targets", () => {
  const labels = [0, 1, 2, 1];
  const logits = [
    [2, 0, 0],
    [0, 3, 1],
  ];
  const softmax = (row: readonly number[]) => {
    const total = row.reduce((sum, value) => sum + Math.exp(value), 0);
    return row.map((value) => Math.exp(value) / total);
  };

  test.each([
    ["plain arrays", labels, [2, 1]],
    ["typed arrays", Int32Array.from(labels), Int32Array.from([2, 1])],
    ["tensors", tensor(labels, { dtype: "int64" }), tensor([2, 1], { dtype: "int64" })],
  ])("move by the paper's formula, given %s", (_, given, index) => {
    const sat = selfAdaptive({ labels: given, classes: 3, momentum: 0.9, startEpoch: 1, form: "ce" });
    const outputs = tensor(logits, { requiresGrad: true });
    const batch = { labels: [2, 1], index };

    const before = sat.loss(outputs, { ...batch, epoch: 0 });
    const plain = crossEntropy().loss(outputs, { ...batch, epoch: 0 });
    expect(before.item()).toBeCloseTo(plain.item(), 6);

    const loss = sat.loss(outputs, { ...batch, epoch: 1 });
    const targets = logits.map((row, i) => softmax(row).map((p, k) => 0.1 * p + (k === (i === 0 ? 2 : 1) ? 0.9 : 0)));
    const certainty = targets.map((row) => Math.max(...row));
    const losses = targets.map((row, i) => -row.reduce((sum, t, k) => sum + t * Math.log(softmax(logits[i]!)[k]!), 0));
    const weighted = losses.reduce((sum, value, i) => sum + certainty[i]! * value, 0);
    expect(loss.item()).toBeCloseTo(weighted / (certainty[0]! + certainty[1]!), 5);
    expectAllClose(sat.targets, [[1, 0, 0], targets[1]!, targets[0]!, [0, 1, 0]], { rtol: 1e-5 });
    loss.backward();
    expect(outputs.grad?.shape).toEqual([2, 3]);
  });

  test("are kept and restored by state and load", () => {
    const options = { labels, classes: 3, momentum: 0.5, startEpoch: 0 };
    const [one, other] = [selfAdaptive(options), selfAdaptive(options)];
    one.loss(tensor(logits), { labels: [0, 1], index: [0, 1], epoch: 3 });
    other.load(one.state());
    expectAllClose(other.targets, one.targets);
  });
});

describe("models", () => {
  test("take weights from PyTorch's files and answer without gradients", async () => {
    const model = createModel("resnet18", { classes: 10, width: 8, imageSize: 32 });
    await loadWeights(model, weights("resnet18-bw8.pth"));
    model.eval();
    const images = ops.ones([2, 3, 32, 32]);
    const logits = noGrad(() => model.forward(images));
    expect(logits.shape).toEqual([2, 10]);
    expect(logits.requiresGrad).toBe(false);
    const twin = createModel("resnet18", { classes: 10, width: 8, imageSize: 32 });
    await loadWeights(twin, weights("resnet18-bw8.safetensors"));
    expectAllClose(
      noGrad(() => twin.eval().forward(images)),
      logits,
    );
  });

  test("are saved and loaded again", async () => {
    const file = `${folder("weights")}/mlp.safetensors`;
    const [one, other] = [0, 1].map(() => createModel("mlp", { classes: 3, width: 8, features: 4 }));
    await saveWeights(one!, file);
    await loadWeights(other!, file);
    const input = ops.ones([1, 4]);
    expectAllClose(
      noGrad(() => other!.eval().forward(input)),
      noGrad(() => one!.eval().forward(input)),
    );
  });
});

test("a custom loop learns with an objective, an optimizer and scopes", () => {
  const model = createModel("mlp", { classes: 2, width: 8, features: 2 });
  const optimizer = optim.sgd(model.parameters(), { lr: 0.1, momentum: 0.9 });
  const labels = [0, 1, 0, 1];
  const sat = selfAdaptive({ labels, classes: 2, momentum: 0.9, startEpoch: 5 });
  const inputs = tensor([
    [1, 0],
    [0, 1],
    [0.9, 0.1],
    [0.1, 0.9],
  ]);
  const losses = Array.from({ length: 20 }, (_, epoch) =>
    scope(() => {
      const loss = sat.loss(model.forward(inputs), { labels, index: [0, 1, 2, 3], epoch });
      loss.backward();
      optimizer.step();
      optimizer.zeroGrad();
      return loss.item();
    }),
  );
  expect(losses.at(-1)).toBeLessThan(losses[0]! / 4);
});

test("train takes data in memory, tells its listeners, and gives the figures without writing anything", async () => {
  const events: string[] = [];
  const { summary, progress } = await train(
    { ...tinyRecipe, epochs: 1, startEpoch: 0 },
    { dataSet: tinyShapes, listeners: [({ type }) => events.push(type)] },
  );
  expect(summary).toMatchObject({ objective: "sat", epochs: 1, trainSize: 60, classes: 10 });
  expect(progress).toMatchObject({ epoch: 1, step: 0 });
  expect(events.filter((type) => type === "step")).toHaveLength(5);
  expect(events.filter((type) => type === "epoch")).toHaveLength(1);
  expect([events[0], events.at(-1)]).toEqual(["start", "end"]);
});

test("the issues of a run just trained come from what training prepared", async () => {
  const out = join(folder("issues"), "run");
  const { prepared } = await train({ ...tinyRecipe, epochs: 2 }, { out, dataSet: tinyShapes });
  const { issues, evaluated, classes } = await findIssues(await inspectRun(out, { prepared }));
  expect([issues.length, evaluated, classes]).toEqual([60, 60, tinyShapes.classes]);
  expect(issues[0]?.score).toBeGreaterThan(issues.at(-1)?.score as number);
});

test("derivatives by other tensors come without touching theirs", () => {
  const x = tensor([1, 2, 3], { requiresGrad: true });
  const [derivative] = grad(x.mul(x).sum(), [x]);
  expectAllClose(derivative!, [2, 4, 6]);
  expect(x.grad).toBeNull();
});

test("bad input throws an InputError of one line", async () => {
  const wrong = train({ data: "/nowhere/to/be/found" });
  await expect(wrong).rejects.toThrow(InputError);
  await expect(wrong).rejects.toThrow(/^[^\n]*\/nowhere\/to\/be\/found[^\n]*$/);
});
