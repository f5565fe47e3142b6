// MobileNetV3, small and large.
import { positive } from "../../../options/index.js";
import { nn } from "../../../torch/index.js";
import { defineNetwork } from "../../define-network.js";
import { InvertedBottleneck, roundChannels, unit } from "./blocks.js";
import { MobileNetwork } from "./mobile-network.js";
import { type MobileLayout, mobileWeights } from "./weights.js";

/** Kernel, expanded channels, outputs, whether it squeezes, activation, stride. */
type Row = readonly [number, number, number, boolean, "relu" | "hardswish", 1 | 2];

const activations = { relu: () => new nn.ReLU(), hardswish: () => new nn.Hardswish() } as const;
const norm = { eps: 0.001, momentum: 0.01 } as const;
/** Of the networks without `tf_` in their name. */
const timmEps = 1e-5;

/** Table 2 of the paper. */
const small: readonly Row[] = [
  [3, 16, 16, true, "relu", 2],
  [3, 72, 24, false, "relu", 2],
  [3, 88, 24, false, "relu", 1],
  [5, 96, 40, true, "hardswish", 2],
  [5, 240, 40, true, "hardswish", 1],
  [5, 240, 40, true, "hardswish", 1],
  [5, 120, 48, true, "hardswish", 1],
  [5, 144, 48, true, "hardswish", 1],
  [5, 288, 96, true, "hardswish", 2],
  [5, 576, 96, true, "hardswish", 1],
  [5, 576, 96, true, "hardswish", 1],
];

/** Table 1. */
const large: readonly Row[] = [
  [3, 16, 16, false, "relu", 1],
  [3, 64, 24, false, "relu", 2],
  [3, 72, 24, false, "relu", 1],
  [5, 72, 40, true, "relu", 2],
  [5, 120, 40, true, "relu", 1],
  [5, 120, 40, true, "relu", 1],
  [3, 240, 80, false, "hardswish", 2],
  [3, 200, 80, false, "hardswish", 1],
  [3, 184, 80, false, "hardswish", 1],
  [3, 184, 80, false, "hardswish", 1],
  [3, 480, 112, true, "hardswish", 1],
  [3, 672, 112, true, "hardswish", 1],
  [5, 672, 160, true, "hardswish", 2],
  [5, 960, 160, true, "hardswish", 1],
  [5, 960, 160, true, "hardswish", 1],
];

interface Sizes {
  readonly rows: readonly Row[];
  /** Hidden units of the classifier. */
  readonly hidden: number;
  /** Blocks of each of timm's stages. */
  readonly stages: readonly number[];
}

function create({ rows, hidden, stages }: Sizes, widthMultiplier: number, channels: number, outputs: number) {
  const wide = (size: number) => roundChannels(size * widthMultiplier);
  const first = wide(16);
  const blocks = rows.map(([kernel, expanded, out, squeezes, activation, stride], i) => {
    const size = wide(expanded);
    const squeezed = roundChannels(Math.floor(size / 4));
    const gates = { squeezed, activation: activations.relu, gate: () => new nn.Hardsigmoid() };
    const inputs = i === 0 ? first : wide((rows[i - 1] as Row)[2]);
    return new InvertedBottleneck({
      inputs,
      expanded: size,
      outputs: wide(out),
      kernel,
      stride,
      norm,
      activation: activations[activation],
      squeeze: squeezes ? gates : null,
    });
  });
  const [last, middle] = [wide((rows.at(-1) as Row)[2]), wide(hidden)];
  const activation = activations.hardswish;
  const features = new nn.Sequential(
    unit(channels, first, { kernel: 3, stride: 2, norm, activation }),
    ...blocks,
    unit(last, 6 * last, { kernel: 1, norm, activation }),
  );
  const weights = { init: nn.normal(0.01), biasInit: nn.zeros };
  const before = [new nn.Linear(6 * last, middle, weights), new nn.Hardswish(), new nn.Dropout(0.2)];
  const layer = new nn.Linear(middle, outputs, weights);
  return new MobileNetwork(features, before, { layer, inputs: middle }, (network) =>
    mobileWeights(network, layoutOf(stages)),
  );
}

/** timm has the convolution after the blocks as a stage, and that of the classifier as a convolution. */
function layoutOf(stages: readonly number[]): MobileLayout {
  const places = stages.flatMap((blocks, stage) => Array.from({ length: blocks }, (_, i) => `blocks.${stage}.${i}`));
  const after = `features.${places.length + 1}`;
  return {
    blocks: new Map(places.map((theirs, i) => [theirs, `features.${i + 1}.block`])),
    others: [
      [/^conv_stem\./, "features.0.0."],
      [/^bn1\./, "features.0.1."],
      [new RegExp(`^blocks\\.${stages.length}\\.0\\.conv\\.`), `${after}.0.`],
      [new RegExp(`^blocks\\.${stages.length}\\.0\\.bn1\\.`), `${after}.1.`],
      [/^conv_head\./, "classifier.0."],
      [/^classifier\.(weight|bias)$/, "classifier.3.$1"],
    ],
    epsilonDifference: timmEps - norm.eps,
  };
}

function define(name: string, description: string, sizes: Sizes) {
  return defineNetwork({
    name,
    description,
    options: {
      widthMultiplier: positive().default(1).describe("channels over those of the published network"),
    },
    build: ({ outputs, channels }, { widthMultiplier }) => create(sizes, widthMultiplier, channels, outputs),
  });
}

/** @see Howard et al. 2019, arXiv 1905.02244 */
export const mobileNetV3Small = define("mobilenet-v3-small", "MobileNetV3 small", {
  rows: small,
  hidden: 1024,
  stages: [1, 2, 3, 2, 3],
});
export const mobileNetV3Large = define("mobilenet-v3-large", "MobileNetV3 large", {
  rows: large,
  hidden: 1280,
  stages: [1, 2, 3, 4, 2, 3],
});
