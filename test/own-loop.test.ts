// A training loop written with public exports alone.
import { describe, expect, it } from "vitest";
import {
  applyNoise,
  createLoader,
  createModel,
  sampleTargets,
  selfAdaptive,
  statisticsOf,
  type TrainingEvent,
  train,
} from "../src/index.js";
import { manualSeed, noGrad, optim, scope } from "../src/torch/index.js";
import { tinyRecipe, tinyShapes } from "./support/tiny-run.js";

const { noise, epochs, batchSize, startEpoch, targetMomentum, seed } = tinyRecipe;
const sgd = { lr: 0.05, momentum: 0.9, weightDecay: 0.0005 };
const classes = 10;

async function trainingSamples() {
  const { train: given } = tinyShapes;
  return (await applyNoise({ ...tinyShapes, samples: given, spec: noise, seed })).samples;
}

function newModel() {
  manualSeed(seed);
  return createModel("resnet18", { classes, width: tinyRecipe.width, imageSize: 16 }).to("channels_last");
}

describe("a loop written with the library", () => {
  it("computes the very losses of `train` with the same recipe", async () => {
    const losses: number[] = [];
    const listener = (event: TrainingEvent) => event.type === "step" && losses.push(event.loss);
    const recipe = { ...tinyRecipe, ...sgd, schedule: "constant" } as const;
    await train({ ...recipe, augment: "crop-flip", nesterov: false }, { dataSet: tinyShapes, listeners: [listener] });

    const samples = await trainingSamples();
    const model = newModel();
    const normalization = await statisticsOf(tinyShapes.train);
    using loader = createLoader({ samples, normalization });
    const source = loader.augmented({ augment: "crop-flip", seed });
    const sat = selfAdaptive({ labels: samples.labels, classes, startEpoch, momentum: targetMomentum });
    const optimizer = optim.sgd(model.parameters(), sgd);
    const own: number[] = [];
    for (let epoch = 0; epoch < epochs; epoch++) {
      for await (const batch of source.batches({ batchSize, epoch, shuffleSeed: seed })) {
        scope(() => {
          const loss = sat.loss(model.forward(batch.images), batch);
          loss.backward();
          optimizer.step();
          optimizer.zeroGrad();
          own.push(loss.item());
        });
      }
    }
    expect(own).toHaveLength(15);
    expect(own).toEqual(losses);
  });

  it("keeps soft targets of its own, which move as those of self-adaptive training", async () => {
    const { labels } = await trainingSamples();
    const targets = sampleTargets({ labels, classes, momentum: 0.7 });
    const sat = selfAdaptive({ labels, classes, momentum: 0.7, startEpoch: 0 });
    const model = newModel();
    using loader = createLoader({ samples: tinyShapes.train });
    for await (const { images, index, epoch, ...batch } of loader.batches({ batchSize: 20 })) {
      scope(() =>
        noGrad(() => {
          const logits = model.forward(images);
          sat.loss(logits, { labels: batch.labels, index, epoch });
          const rows = targets.update(index, logits.logSoftmax(1).exp());
          expect(rows.shape).toEqual([20, classes]);
        }),
      );
    }
    expect(targets.values.toArray()).toEqual(sat.targets.toArray());
    expect(() => sampleTargets({ labels, classes, momentum: 2 })).toThrow(RangeError);
  });
});
