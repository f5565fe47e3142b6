// A custom model: any `nn.Module` that maps images (n, channels, height, width) to logits (n, classes).
import { evaluateRun, shapesDataSet, train } from "selfadapt";
import { nn, type Tensor } from "selfadapt/torch";

const dataSet = shapesDataSet({ train: 200, test: 100, size: 16, seed: 0 });

class SmallNet extends nn.Module {
  readonly conv = new nn.Conv2d(3, 16, 3, { stride: 2, padding: 1 });
  readonly norm = new nn.BatchNorm2d(16);
  readonly classifier = new nn.Linear(16, 10);

  override forward(images: Tensor): Tensor {
    const maps = this.norm.forward(this.conv.forward(images)).relu();
    return this.classifier.forward(maps.mean([2, 3]));
  }
}

const { summary } = await train(
  { objective: "sat", startEpoch: 1, noise: "symmetric:0.4", epochs: 3, batchSize: 20, precision: "fp32" },
  { model: () => new SmallNet(), dataSet, out: "runs/small-net" },
);
console.log(`${summary?.parameters} parameters, test accuracy ${summary?.testAccuracy}`);

// A run with a custom model is opened with that model.
const { testAccuracy } = await evaluateRun("runs/small-net", { model: new SmallNet(), dataSet });
console.log(`evaluated again: ${testAccuracy}`);
