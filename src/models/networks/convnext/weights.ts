// ConvNeXt in the files of timm, torchvision and its authors: timm's names are ours.
import type { Tensor } from "../../../torch/index.js";
import { type ForeignWeights, type NameRule, renamedBy, reshaped } from "../../network.js";

const inBlock = { 0: "conv_dw", 2: "norm", 3: "mlp.fc1", 5: "mlp.fc2" } as const;

const torchvision: readonly NameRule[] = [
  [/^features\.0\./, "stem."],
  ...[1, 2, 3].map((stage): NameRule => [new RegExp(`^features\\.${2 * stage}\\.`), `stages.${stage}.downsample.`]),
  ...[0, 1, 2, 3].map(
    (stage): NameRule => [new RegExp(`^features\\.${2 * stage + 1}\\.(\\d+)\\.`), `stages.${stage}.blocks.$1.`],
  ),
  ...Object.entries(inBlock).map(([number, name]): NameRule => [new RegExp(`\\.block\\.${number}\\.`), `.${name}.`]),
  [/\.layer_scale$/, ".gamma"],
  [/^classifier\.0\./, "head.norm."],
  [/^classifier\.2\./, "head.fc."],
];
const authors: readonly NameRule[] = [
  [/^downsample_layers\.0\./, "stem."],
  [/^downsample_layers\.([123])\./, "stages.$1.downsample."],
  [/^stages\.(\d)\.(\d+)\.(?=dwconv|norm|pwconv|gamma)/, "stages.$1.blocks.$2."],
  [/\.dwconv\./, ".conv_dw."],
  [/\.pwconv([12])\./, ".mlp.fc$1."],
  [/^norm\./, "head.norm."],
  [/^head\.(weight|bias)$/, "head.fc.$1"],
];

/** torchvision's factors have two dimensions of one more. */
export function convNextWeights(stateDict: () => ReadonlyMap<string, Tensor>): ForeignWeights {
  return {
    parts: [],
    rename: renamedBy([...torchvision, ...authors]),
    fit(name, stored) {
      const ours = name.endsWith(".gamma") ? stateDict().get(name)?.shape : undefined;
      return ours === undefined ? stored : reshaped(stored, ours);
    },
  };
}
