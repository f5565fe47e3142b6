// A custom training loop: batches, augmentation, label noise and per-sample targets are exported one by one.
import { applyNoise, createLoader, createModel, sampleTargets, shapesDataSet, statisticsOf } from "selfadapt";
import { noGrad, optim, scope } from "selfadapt/torch";

const { train, test, classes } = shapesDataSet({ train: 300, test: 100, size: 16, seed: 0 });
const { samples } = await applyNoise({ samples: train, classes, format: "shapes", spec: "symmetric:0.4", seed: 0 });

const normalization = await statisticsOf(train);
using loader = createLoader({ samples, normalization });
const augmented = loader.augmented({ augment: "crop-flip", seed: 0 });
const model = createModel("resnet18", { classes: classes.length, width: 4, imageSize: 16 });
const targets = sampleTargets({ labels: samples.labels, classes: classes.length, momentum: 0.9 });
const optimizer = optim.sgd(model.parameters(), { lr: 0.05, momentum: 0.9 });

for (let epoch = 0; epoch < 4; epoch++) {
  let sum = 0;
  for await (const { images, index } of augmented.batches({ batchSize: 20, epoch, shuffleSeed: 0 })) {
    scope(() => {
      const logits = model.forward(images);
      const rows = targets.update(index, logits.softmax(1));
      const loss = rows.mul(logits.logSoftmax(1)).sum([1]).mean().neg();
      loss.backward();
      optimizer.step();
      optimizer.zeroGrad();
      sum += loss.item() * index.length;
    });
  }
  console.log(`epoch ${epoch}: loss ${(sum / samples.labels.length).toFixed(3)}`);
}

model.eval();
using testLoader = createLoader({ samples: test!, normalization });
let correct = 0;
for await (const { images, labels } of testLoader.batches({ batchSize: 50 })) {
  const predicted = scope(() => noGrad(() => model.forward(images).argmax({ dim: 1 }).data()));
  correct += labels.filter((label, i) => label === Number(predicted[i])).length;
}
console.log(`test accuracy ${correct / test!.labels.length}`);
