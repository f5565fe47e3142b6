// Weights of other libraries, rewritten under this package's names.
import { z } from "zod";
import { writeFileAtomic } from "../../atomic-files.js";
import { count, parseOptions, path } from "../../options/index.js";
import { scope, toStored } from "../../torch/index.js";
import { openWeightsFile, type StoredDict, writeSafetensors } from "../../torch/serialization/index.js";
import { createModel } from "../create.js";
import type { Network } from "../network.js";
import { fitWeights } from "./fit-weights.js";
import { matchNames } from "./match-names.js";

export const convertOptions = z.object({
  model: z.string().describe("network that the weights are of").meta({ argument: "name" }),
  out: path("file")
    .refine((file) => file.endsWith(".safetensors"), { error: "expected a name that ends in .safetensors" })
    .describe("file to write"),
  imageSize: count()
    .optional()
    .describe("side in pixels of the images; position embeddings are resized to it")
    .meta({ defaultText: "that of the weights, else 224" }),
  width: count().optional().describe("base width, of networks that have one").meta({ defaultText: "64" }),
});

export type ConvertOptions = z.input<typeof convertOptions>;

export interface Conversion {
  readonly file: string;
  readonly model: string;
  readonly imageSize: number;
  /** Null for weights without a classifier: the file then has none. */
  readonly classes: number | null;
  /** How many tensors were written. */
  readonly tensors: number;
  /** The tensors of the weights that the network has no place for. */
  readonly ignored: readonly string[];
}

/**
 * Rewrites weights of timm, torchvision, DINOv2, CLIP or a training tool under our names and shapes, as safetensors; a
 * classifier is kept whatever its classes.
 * @example await convertWeights("vit_b_16-c867db91.pth", { model: "vit-b-16", out: "vit-b-16.safetensors" })
 * @throws InputError naming the file and what does not fit, and where the result cannot be written.
 */
export async function convertWeights(weights: string, options: ConvertOptions): Promise<Conversion> {
  const { model, out, width, ...given } = parseOptions(convertOptions, options);
  const { tensors } = await openWeightsFile(weights);
  return scope(() => {
    const create = (classes: number, imageSize: number) =>
      createModel(model, { classes, imageSize, ...(width !== undefined && { width }) });
    const first = create(1, given.imageSize ?? 224);
    const named = matchNames(tensors, first.stateDict(), first.foreign).tensors;
    const classes = named.get(`${first.head}.weight`)?.shape[0] ?? null;
    const imageSize = given.imageSize ?? trainedSize(named) ?? 224;
    const network = create(classes ?? 1, imageSize);
    const { replaced, ignored } = fitWeights(network, tensors, weights);
    const state = withoutClassifier(network, replaced);
    const metadata = { "selfadapt.model": model, "selfadapt.imageSize": String(imageSize) };
    writeFileAtomic(out, writeSafetensors(state, metadata));
    const kept = replaced.length === 0 ? classes : null;
    return { file: out, model, imageSize, classes: kept, tensors: state.size, ignored };
  });
}

function withoutClassifier(network: Network, absent: readonly string[]): StoredDict {
  return new Map([...toStored(network.stateDict())].filter(([name]) => !absent.includes(name)));
}

/** The images that a vision transformer's positions are of. */
function trainedSize(named: StoredDict): number | null {
  const [positions, patch] = ["pos_embed", "patch_embed.proj.weight"].map((name) => named.get(name)?.shape);
  if (positions === undefined || patch === undefined) return null;
  const count = positions.at(-2) as number;
  const side = [Math.sqrt(count - 1), Math.sqrt(count)].find(Number.isInteger);
  return side === undefined ? null : side * (patch.at(-1) as number);
}
