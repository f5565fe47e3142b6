import { join } from "node:path";
import { expect, test } from "vitest";
import { expectAllClose } from "../../test/support/all-close.js";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { grad, manualSeed, noGrad, ops } from "../torch/index.js";
import { createModel, loadWeights, saveWeights, selectiveNetwork } from "./index.js";

const folder = temporaryFolder();
const plain = () => createModel("resnet18", { classes: 3, width: 4 });
const images = ops.randn([4, 3, 16, 16]);

test("a selective network predicts as the network inside, and adds a selection logit and auxiliary predictions", () => {
  const inner = plain();
  const network = selectiveNetwork(inner, 3).eval();
  const [outputs, predictions] = noGrad(() => [network.forward(images), inner.forward(images)]);
  expect(outputs!.shape).toEqual([4, 7]);
  expectAllClose(outputs!.narrow(1, 0, 3), predictions!, { rtol: 0, atol: 0 });
  expect(network.stateDict().get(`${network.head}.weight`)?.shape).toEqual([3, network.embeddingSize]);
  const features = noGrad(() => network.embed(images));
  expectAllClose(
    noGrad(() => network.classify(features)),
    outputs!,
    { rtol: 0, atol: 0 },
  );
});

test("every head of a selective network and the trunk get gradients", () => {
  const network = selectiveNetwork(plain(), 3);
  const outputs = network.forward(images);
  for (const [from, columns] of [
    [0, 3],
    [3, 1],
    [4, 3],
  ] as const) {
    const part = outputs.narrow(1, from, columns).square().sum();
    const [first] = grad(part, [network.parameters()[0]!], { retainGraph: true });
    expect(first?.abs().sum().item()).toBeGreaterThan(0);
  }
});

test("weights of a plain network go into the one inside a selective network, and a selective network's into all of it", async () => {
  manualSeed(1);
  const [inner, other] = [plain(), selectiveNetwork(plain(), 3)];
  await saveWeights(inner, join(folder("plain"), "w.safetensors"));
  await loadWeights(other, join(folder("plain"), "w.safetensors"));
  const [ours, theirs] = [inner.parameters()[0]!, other.stateDict().get("network.conv1.weight")!];
  expectAllClose(theirs, ours, { rtol: 0, atol: 0 });
  await saveWeights(other, join(folder("plain"), "all.safetensors"));
  const again = selectiveNetwork(plain(), 3);
  await loadWeights(again, join(folder("plain"), "all.safetensors"));
  expectAllClose(again.stateDict().get("auxiliary.weight")!, other.stateDict().get("auxiliary.weight")!, {
    rtol: 0,
    atol: 0,
  });
});
