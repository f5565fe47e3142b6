// Tensor names of other libraries, mapped to ours.
import type { StoredDict } from "../../torch/serialization/index.js";

/** torchvision's ResNets differ in the projections' and the classifier's names only. */
function fromTorchvision(name: string): string {
  return name.replace(/^fc\./, "linear.").replace(/\.downsample\.(\d+)\./, ".shortcut.$1.");
}

/** The tensors under our names, where they are a torchvision ResNet's and the model's classifier is `linear`. */
export function withOurNames(stored: StoredDict, expected: ReadonlyMap<string, unknown>): StoredDict {
  const torchvision = stored.has("fc.weight") && !expected.has("fc.weight") && expected.has("linear.weight");
  return torchvision ? new Map([...stored].map(([name, tensor]) => [fromTorchvision(name), tensor])) : stored;
}
