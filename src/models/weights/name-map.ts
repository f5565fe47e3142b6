// Tensor names of other libraries, mapped to ours.
import type { StoredDict } from "../../torch/serialization/index.js";
import type { ForeignWeights } from "../network.js";

type Named = ReadonlyMap<string, unknown>;

const partOf = (name: string) => name.split(".", 1)[0] as string;
const partsOf = (names: Iterable<string>) => [...new Set([...names].map(partOf))];

/** torchvision's ResNets differ in the projections' and the classifier's names only. */
function fromTorchvision(name: string): string {
  return name.replace(/^fc\./, "linear.").replace(/\.downsample\.(\d+)\./, ".shortcut.$1.");
}

function withoutTorchvision(stored: StoredDict, expected: Named): StoredDict {
  const named = [...stored.keys()].some((name) => name.startsWith("fc.") || /\.downsample\.\d+\./.test(name));
  const torchvision =
    named && expected.has("linear.weight") && ![...expected.keys()].some((name) => /^fc\./.test(name));
  return torchvision ? new Map([...stored].map(([name, tensor]) => [fromTorchvision(name), tensor])) : stored;
}

/** A `Sequential` of a network's children, with or without the classifier, numbers them: the numbers, in order, stand for their names. */
function withChildNames(stored: StoredDict, expected: Named): StoredDict {
  const [numbers, names] = [partsOf(stored.keys()), partsOf(expected.keys())];
  const numbered = numbers.length > 1 && numbers.every((part) => /^\d+$/.test(part));
  const all = numbers.length === names.length || numbers.length === names.length - 1;
  if (!numbered || !all || names.some((part) => /^\d+$/.test(part))) return stored;
  const nameOf = new Map(numbers.sort((a, b) => Number(a) - Number(b)).map((number, i) => [number, names[i]]));
  const renamed = (name: string) => `${nameOf.get(partOf(name))}${name.slice(partOf(name).length)}`;
  return new Map([...stored].map(([name, tensor]) => [renamed(name), tensor]));
}

/**
 * The tensors under our names: as the network itself knows them of other libraries; else those of a torchvision ResNet, where
 * the model's classifier is `linear`, and those of a `Sequential` of the model's children.
 */
export function withOurNames(stored: StoredDict, expected: Named, foreign?: ForeignWeights): StoredDict {
  if (foreign !== undefined) return new Map([...stored].map(([name, tensor]) => [foreign.rename(name), tensor]));
  return withoutTorchvision(withChildNames(stored, expected), expected);
}
