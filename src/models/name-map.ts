// Other libraries' names for our networks' tensors.
import type { StoredDict } from "../torch/serialization/index.js";

/** torchvision's ResNets differ in the projections' and the classifier's names only. */
function fromTorchvision(name: string): string {
  return name.replace(/^fc\./, "linear.").replace(/\.downsample\.(\d+)\./, ".shortcut.$1.");
}

/** The tensors under our names, where they are a torchvision ResNet's and the model's classifier is `linear`. */
export function withOurNames(stored: StoredDict, own: ReadonlyMap<string, unknown>): StoredDict {
  const theirs = stored.has("fc.weight") && !own.has("fc.weight") && own.has("linear.weight");
  return theirs ? new Map([...stored].map(([name, tensor]) => [fromTorchvision(name), tensor])) : stored;
}
