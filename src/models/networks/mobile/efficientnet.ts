// EfficientNet-B0, and its wider and deeper forms.
import { positive } from "../../../options/index.js";
import { nn } from "../../../torch/index.js";
import { defineNetwork } from "../../define-network.js";
import { InvertedBottleneck, roundChannels, unit } from "./blocks.js";
import { MobileNetwork } from "./mobile-network.js";
import { type MobileLayout, mobileWeights } from "./weights.js";

/** Table 1 of the paper: expansion, kernel, stride of the first block, channels, blocks. */
const stages = [
  [1, 3, 1, 16, 1],
  [6, 3, 2, 24, 2],
  [6, 5, 2, 40, 2],
  [6, 3, 2, 80, 3],
  [6, 5, 1, 112, 3],
  [6, 5, 2, 192, 4],
  [6, 3, 1, 320, 1],
] as const;

const firstChannels = 32;
const lastFactor = 4;
const dropRate = 0.2;
const norm = { eps: 1e-5, momentum: 0.1 } as const;
const activation = () => new nn.SiLU();

interface Multipliers {
  readonly widthMultiplier: number;
  readonly depthMultiplier: number;
}

function create({ widthMultiplier, depthMultiplier }: Multipliers, channels: number, outputs: number) {
  const wide = (size: number) => roundChannels(size * widthMultiplier);
  const depths = stages.map(([, , , , blocks]) => Math.ceil(blocks * depthMultiplier));
  const total = depths.reduce((sum, depth) => sum + depth, 0);
  let number = 0;
  const bodies = stages.map(([expansion, kernel, firstStride, out], stage) => {
    const from = wide(stage === 0 ? firstChannels : (stages[stage - 1]?.[3] as number));
    const blocks = Array.from({ length: depths[stage] as number }, (_, i) => {
      const [inputs, stride] = i === 0 ? [from, firstStride] : [wide(out), 1];
      return new InvertedBottleneck({
        inputs,
        expanded: roundChannels(inputs * expansion),
        outputs: wide(out),
        kernel,
        stride,
        norm,
        activation,
        squeeze: { squeezed: Math.max(1, Math.floor(inputs / 4)), activation, gate: () => new nn.Sigmoid() },
        dropPath: (dropRate * number++) / total,
      });
    });
    return new nn.Sequential(...blocks);
  });
  const last = wide(320);
  const features = new nn.Sequential(
    unit(channels, wide(firstChannels), { kernel: 3, stride: 2, norm, activation }),
    ...bodies,
    unit(last, lastFactor * last, { kernel: 1, norm, activation }),
  );
  const inputs = lastFactor * last;
  // By the number of outputs, as the published code has it.
  const init = (shape: readonly number[]) => nn.uniformByInputs(shape, outputs);
  const layer = new nn.Linear(inputs, outputs, { init, biasInit: nn.zeros });
  return new MobileNetwork(features, [new nn.Dropout(dropRate)], { layer, inputs }, (network) =>
    mobileWeights(network, layoutOf(depths)),
  );
}

function layoutOf(depths: readonly number[]): MobileLayout {
  const places = depths.flatMap((blocks, stage) =>
    Array.from({ length: blocks }, (_, i) => [`blocks.${stage}.${i}`, `features.${stage + 1}.${i}.block`] as const),
  );
  const after = `features.${depths.length + 1}`;
  return {
    blocks: new Map(places),
    others: [
      [/^conv_stem\./, "features.0.0."],
      [/^bn1\./, "features.0.1."],
      [/^conv_head\./, `${after}.0.`],
      [/^bn2\./, `${after}.1.`],
      [/^classifier\.(weight|bias)$/, "classifier.1.$1"],
    ],
  };
}

/** @see Tan and Le 2019, arXiv 1905.11946 */
export const efficientNetB0 = defineNetwork({
  name: "efficientnet-b0",
  description: "EfficientNet-B0",
  options: {
    widthMultiplier: positive().default(1).describe("channels over those of B0"),
    depthMultiplier: positive().default(1).describe("blocks of a stage over those of B0"),
  },
  build: ({ outputs, channels }, options) => create(options, channels, outputs),
});
