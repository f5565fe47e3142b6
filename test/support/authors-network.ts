// The small network of the authors' adversarial results in the golden files.
import { nn, type Tensor } from "../../src/torch/index.js";

/** Two convolutions with batch norm, the mean over the pixels, a linear layer. */
export class AuthorsNetwork extends nn.Module {
  readonly conv1 = new nn.Conv2d(3, 8, 3, { padding: 1, bias: false });
  readonly bn1 = new nn.BatchNorm2d(8);
  readonly conv2 = new nn.Conv2d(8, 16, 3, { padding: 1, stride: 2, bias: false });
  readonly bn2 = new nn.BatchNorm2d(16);
  readonly linear = new nn.Linear(16, 10);

  override forward(images: Tensor): Tensor {
    const inner = this.bn1.forward(this.conv1.forward(images)).relu();
    return this.linear.forward(this.bn2.forward(this.conv2.forward(inner)).relu().mean([2, 3]));
  }
}
