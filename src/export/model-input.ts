// The input of an exported model, and its normalization.
import { type ChannelStatistics, type DepthRanges, type PixelRange, UNIT_RANGE } from "../data/index.js";
import type { Graph } from "./graph.js";
import { float32 } from "./numbers.js";

/** The input in the metadata: pixels by channel, or the values of an array. */
export type ModelInput =
  | {
      readonly kind: "images";
      readonly channels: number;
      readonly height: number;
      readonly width: number;
      readonly resize: "cover";
      /** Order of the channels. */
      readonly order: "RGB" | "gray" | "any";
      /** The lowest and highest value of a pixel, for bytes to be scaled to; null where only arrays fit. */
      readonly range: PixelRange | null;
      /** What becomes black and white in images of more than 8 bits a value, by their pixel type; absent where there were none. */
      readonly depthRanges?: DepthRanges;
    }
  | { readonly kind: "features"; readonly shape: readonly number[] };

/** Samples of three dimensions are images. */
export function inputOf(
  sampleShape: readonly number[],
  range: PixelRange | null = UNIT_RANGE,
  depthRanges?: DepthRanges,
): ModelInput {
  if (sampleShape.length !== 3) return { kind: "features", shape: sampleShape };
  const [channels, height, width] = sampleShape as [number, number, number];
  const order = channels === 3 ? "RGB" : channels === 1 ? "gray" : "any";
  return {
    kind: "images",
    channels,
    height,
    width,
    resize: "cover",
    order,
    range,
    ...(depthRanges && { depthRanges }),
  };
}

/** (value - mean) / std, by channel of images and by feature of arrays, in float32 as training does; gives its name. */
export function addNormalization(
  graph: Graph,
  { kind }: ModelInput,
  sampleShape: readonly number[],
  { mean, std }: ChannelStatistics,
): string {
  const shape = kind === "images" ? [1, mean.length, 1, 1] : [1, ...sampleShape];
  const centered = graph.node("Sub", [kind, graph.constant("normalization.mean", float32(mean, shape))]);
  return graph.node("Div", [centered, graph.constant("normalization.std", float32(std, shape))]);
}
