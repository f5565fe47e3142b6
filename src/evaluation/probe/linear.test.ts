import { describe, expect, it } from "vitest";
import { imagesOf } from "../../../test/support/images-of.js";
import { tinyShapes } from "../../../test/support/tiny-run.js";
import { channelStatistics, createLoader, randomFrom } from "../../data/index.js";
import { createModel } from "../../models/index.js";
import { liveTensors, manualSeed, noGrad, scope } from "../../torch/index.js";
import { allIndices } from "../evaluate.js";
import { featuresOf, type LabeledFeatures } from "./features.js";
import { accuracyOf, l2Default, l2Grid, probeFixedFeatures } from "./linear-fixed.js";
import { probeBySgd } from "./linear-sgd.js";
import { recalibrateBatchNorm } from "./recalibrate-batch-norm.js";
import { probeViews, viewsText } from "./training-crops.js";

const classes = 3;
const size = 6;
const random = randomFrom(5, "linear test");
const compute = <T>(body: () => T) => body();

/** Heaps a deviation or so apart in two features; the others are noise, one of them very long and one constant. */
function heaps(samples: number): LabeledFeatures {
  const labels = Int32Array.from({ length: samples }, (_, i) => i % classes);
  const features = Float32Array.from({ length: samples * size }, (_, at) => {
    const [label, feature] = [labels[Math.floor(at / size)]!, at % size];
    if (feature === 5) return 7;
    const center = feature === 0 ? 2 * label : feature === 1 ? (label === 1 ? 2 : 0) : 0;
    return (center + random.normal()) * (feature === 4 ? 1000 : 1);
  });
  return { features, size, labels };
}

const train = heaps(300);
const test = heaps(600);
/** With equal heaps of deviation 1, the nearest center is the best that anyone can do. */
const best = accuracyOf(
  Int32Array.from(test.labels, (_, i) => {
    const [x, y] = [test.features[i * size]!, test.features[i * size + 1]!];
    const distances = [0, 1, 2].map((label) => (x - 2 * label) ** 2 + (y - (label === 1 ? 2 : 0)) ** 2);
    return distances.indexOf(Math.min(...distances));
  }),
  test.labels,
);

describe("a linear probe on fixed features", () => {
  const options = { classes, seed: 0, device: "cpu" };

  it("comes near the best rule, whatever the features' scales, with the l2 of a held-out fifth", () => {
    const before = liveTensors();
    const figures = probeFixedFeatures(train, test, options);
    expect(liveTensors()).toBe(before);
    expect(figures.accuracy).toBeGreaterThan(best - 0.03);
    expect(figures).toMatchObject({ chosenOn: 60, converged: true });
    expect(l2Grid).toContain(figures.l2);
  });

  it("never looks at the test part to choose: its labels change the accuracy alone", () => {
    const { accuracy, ...chosen } = probeFixedFeatures(train, test, options);
    const shuffled = { ...test, labels: test.labels.map((label) => (label + 1) % classes) };
    const { accuracy: other, ...same } = probeFixedFeatures(train, shuffled, options);
    expect(same).toEqual(chosen);
    expect(other).toBeLessThan(accuracy / 2);
  });

  it("takes the default l2 where a class has one label", () => {
    const labels = Int32Array.of(0, 0, 0, 1, 1, 2);
    const few = { features: train.features.slice(0, 6 * size), size, labels };
    expect(probeFixedFeatures(few, test, options)).toMatchObject({ l2: l2Default, chosenOn: 0 });
  });
});

describe("a linear probe by SGD", () => {
  const samples = tinyShapes.train;
  const normalization = channelStatistics(samples);
  const loader = createLoader({ samples, normalization, device: "cpu", dtype: "float32" });
  manualSeed(3);
  const model = createModel("resnet18", { classes: 10, width: 4, imageSize: 16 });
  model.eval();
  const backbone = { model, compute };
  const indices = allIndices(samples.labels);
  const options = { classes: 10, epochs: 2, batchSize: 16, lr: 0.1, seed: 1, device: "cpu" };

  it("comes near the best rule on fixed features", async () => {
    const seen = { ...train, indices: allIndices(train.labels) };
    const losses: number[] = [];
    const onEpoch = (_: number, loss: number) => void losses.push(loss);
    const accuracy = await probeBySgd(backbone, seen, test, {
      ...options,
      classes,
      epochs: 20,
      views: null,
      onEpoch,
    });
    expect(accuracy).toBeGreaterThan(best - 0.03);
    expect(losses).toHaveLength(20);
    expect(losses.at(-1)).toBeLessThan(losses[0]! / 1.2);
  });

  it("sees other crops in every epoch, draws the same again, leaves the network and no tensor behind", async () => {
    const weights = model.stateDict().get("conv1.weight")!.data();
    const { features } = await featuresOf(backbone, loader, indices);
    const seen = { features, size: model.embeddingSize, labels: samples.labels, indices };
    const before = liveTensors();
    const views = probeViews({ samples, indices }, loader, 1);
    const run = async (shown: typeof views) => {
      const losses: number[] = [];
      await probeBySgd(backbone, seen, seen, {
        ...options,
        views: shown,
        onEpoch: (_, loss) => losses.push(loss),
      });
      return losses;
    };
    const [augmented, again, fixed] = [await run(views), await run(views), await run(null)];
    views!.release();
    expect(liveTensors()).toBe(before);
    expect(viewsText({ samples, indices })).toBe("random resized crops and mirror images");
    expect(again).toEqual(augmented);
    expect(fixed).not.toEqual(augmented);
    expect(model.stateDict().get("conv1.weight")!.data()).toEqual(weights);
  });
});

describe("batch norm of a network that was not trained", () => {
  it("is measured on the data: features spread as they do in training, and the weights stay", async () => {
    const samples = tinyShapes.train;
    const loader = createLoader({
      samples,
      normalization: channelStatistics(samples),
      device: "cpu",
      dtype: "float32",
    });
    manualSeed(3);
    const model = createModel("resnet18", { classes: 10, width: 4, imageSize: 16 });
    const indices = allIndices(samples.labels);
    const images = await imagesOf(loader, indices);
    const asTrained = scope(() => noGrad(() => model.embed(images).data())) as Float32Array;
    manualSeed(3);
    const fresh = createModel("resnet18", { classes: 10, width: 4, imageSize: 16 });
    const weights = Float32Array.from(fresh.stateDict().get("conv1.weight")!.data() as Float32Array);
    const distance = async () => {
      const { features } = await featuresOf({ model: fresh, compute }, loader, indices);
      return Math.sqrt(features.reduce((sum, value, i) => sum + (value - asTrained[i]!) ** 2, 0));
    };
    fresh.eval();
    const before = await distance();
    await recalibrateBatchNorm({ model: fresh, compute }, loader, indices, 0);
    expect(fresh.training).toBe(false);
    expect(await distance()).toBeLessThan(before / 10);
    expect(fresh.stateDict().get("conv1.weight")!.data()).toEqual(weights);
  });
});
