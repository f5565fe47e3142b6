// Vision transformers by name: the general one, and published sizes as presets of its options.
import { z } from "zod";
import { InputError } from "../../../errors.js";
import { count, option, positive } from "../../../options/index.js";
import { defineNetwork } from "../../define-network.js";
import { requireImageSize } from "../../network.js";
import { dropPathOption } from "../smooth-layers.js";
import { VisionTransformer } from "./vit.js";

const vitDefaults = {
  patchSize: 16,
  depth: 12,
  heads: 6,
  dimension: 384,
  mlpRatio: 4,
  preNorm: false,
  layerNormEps: 1e-6,
  gelu: "exact",
  layerScale: false,
  registers: 0,
  resize: "dinov2",
} as const satisfies VitDefaults;

interface VitDefaults {
  readonly patchSize: number;
  readonly depth: number;
  readonly heads: number;
  readonly dimension: number;
  readonly mlpRatio: number;
  readonly preNorm: boolean;
  readonly layerNormEps: number;
  readonly gelu: "exact" | "quick";
  readonly layerScale: number | boolean;
  readonly registers: number;
  readonly resize: "dinov2" | "timm";
}

const optionsOf = (defaults: VitDefaults) => ({
  patchSize: count().default(defaults.patchSize).describe("side of a patch in pixels"),
  depth: count().default(defaults.depth).describe("blocks"),
  heads: count().default(defaults.heads).describe("attention heads of a block; the dimension is a multiple of them"),
  dimension: count().default(defaults.dimension).describe("size of a token"),
  mlpRatio: positive().default(defaults.mlpRatio).describe("hidden units of a block's perceptron over the dimension"),
  preNorm: z.boolean().default(defaults.preNorm).describe("layer norm before the first block, as in CLIP"),
  layerNormEps: positive().default(defaults.layerNormEps).describe("epsilon of layer norms"),
  gelu: z.enum(["exact", "quick"]).default(defaults.gelu).describe("form of GELU; quick: OpenAI's CLIP"),
  layerScale: z
    .union([positive(), z.boolean()])
    .default(defaults.layerScale)
    .describe("initial factor of each branch, as in DINOv2; true: 0.00001"),
  registers: count(0).default(defaults.registers).describe("additional tokens without a position"),
  resize: z
    .enum(["dinov2", "timm"])
    .default(defaults.resize)
    .describe("how position embeddings are resized: as in DINOv2's code, or with a low-pass filter as in timm's"),
  dropPath: dropPathOption(),
});

function define(name: string, description: string, changed: Partial<VitDefaults> = {}) {
  return defineNetwork({
    name,
    description,
    decayOn: "weights",
    checkpointing: true,
    options: optionsOf({ ...vitDefaults, ...changed }),
    build: ({ outputs, channels, imageSize = 224 }, options) => {
      const { patchSize, dimension, heads, layerScale, dropPath = 0 } = options;
      requirePatches(name, imageSize, patchSize);
      if (dimension % heads !== 0) {
        throw new InputError(
          `${name}: ${option("dimension")}: received ${dimension}; expected a multiple of the ${heads} heads`,
        );
      }
      const scale = layerScale === true ? 1e-5 : layerScale || null;
      return new VisionTransformer({ ...options, outputs, channels, imageSize, dropPath, layerScale: scale });
    },
  });
}

/** @throws InputError where patches do not cover the image. */
function requirePatches(name: string, imageSize: number, patchSize: number): void {
  requireImageSize(name, imageSize, patchSize);
  const rest = imageSize % patchSize;
  if (rest === 0) return;
  throw new InputError(
    `${name} cannot take images of ${imageSize} pixels; expected a multiple of ${patchSize}, such as ${imageSize - rest}`,
  );
}

/** Any vision transformer. @see Dosovitskiy et al. 2021, arXiv 2010.11929 */
export const vit = define("vit", "vision transformer; its sizes are options of the library");
export const vitS16 = define("vit-s-16", "vision transformer of 12 blocks of 384", { resize: "timm" });
const base = { dimension: 768, heads: 12, resize: "timm" } as const;
export const vitB16 = define("vit-b-16", "vision transformer of 12 blocks of 768", base);
const dinov2 = { patchSize: 14, layerScale: 1 } as const;
/** @see Oquab et al. 2023, arXiv 2304.07193 */
export const vitS14Dinov2 = define("vit-s-14-dinov2", "DINOv2's ViT-S/14", dinov2);
/** @see Darcet et al. 2024, arXiv 2309.16588 */
export const vitS14Dinov2Registers = define("vit-s-14-dinov2-reg", "DINOv2's ViT-S/14 with 4 registers", {
  ...dinov2,
  registers: 4,
  resize: "timm",
});
/** @see Radford et al. 2021, arXiv 2103.00020 */
export const vitB16Clip = define("vit-b-16-clip", "CLIP's image tower, ViT-B/16", {
  ...base,
  preNorm: true,
  layerNormEps: 1e-5,
  gelu: "quick",
});
