import { expect, it } from "vitest";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { byMethod, tinyRecipe, tinyShapes } from "../../../test/support/tiny-run.js";
import { predictClasses } from "../../attacks/search/search.js";
import { readCheckpoint } from "../../runs/checkpoint.js";
import { openRunModel } from "../../runs/model/open-model.js";
import { readRunRecipe } from "../../runs/run-folder.js";
import { grad, scope } from "../../torch/index.js";
import { train } from "../../training/train.js";
import { evaluateRun } from "../evaluate-run.js";
import { runClassifier } from "./classifier.js";
import { createPixels } from "./pixels.js";

const folder = temporaryFolder();

it("is the run's network with its normalization, the classes' logits alone, and slopes of the images only", async () => {
  const run = folder("run");
  const recipe = byMethod({
    ...tinyRecipe,
    objective: "sat-selective",
    model: "mlp",
    width: 1,
    pretrainEpochs: 2,
  } as const);
  await train(recipe, { out: run, dataSet: tinyShapes });
  const own = readRunRecipe(run);
  const opened = openRunModel(own, readCheckpoint(run, "last"), {});
  const { classifier, release } = runClassifier(opened, own.resolved.normalization);
  const { test } = tinyShapes;
  if (test === null) throw new Error("the shapes have a test part");
  const pixels = createPixels(test, opened.device, opened.dtype);
  const index = await pixels.load(Int32Array.from(test.labels.keys()));
  const right = scope(() => {
    const { images, labels } = pixels.batch(index);
    expect(Array.from(labels.data() as BigInt64Array, Number)).toEqual([...test.labels]);
    const answers = predictClasses(classifier, images);
    images.requiresGrad = true;
    const logits = classifier(images);
    expect(logits.shape).toEqual([20, 10]);
    const [slope] = grad(logits.sum(), [images]);
    expect(slope?.shape).toEqual([20, 3, 16, 16]);
    expect(slope?.abs().sum().item()).toBeGreaterThan(0);
    expect(opened.model.parameters().every(({ requiresGrad }) => !requiresGrad)).toBe(true);
    return answers.filter((answer, i) => answer === test.labels[i]).length;
  });
  for (const free of [pixels.release, release, opened.release]) free();
  const { testAccuracy } = await evaluateRun(run, { dataSet: tinyShapes });
  expect(right / 20).toBe(testAccuracy);
});
