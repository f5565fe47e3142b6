// timm's config.json beside a file of weights: the network, and how its images were prepared.
import { readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { InputError } from "../../errors.js";

/** What timm's configuration says that a run needs. */
export interface TimmConfig {
  readonly file: string;
  /** Our name of the network, where we have it. */
  readonly model: string | null;
  readonly imageSize: number | null;
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

const channels = z.array(z.number()).min(1);
const configSchema = z.object({
  architecture: z.string(),
  pretrained_cfg: z.object({
    mean: channels,
    std: channels,
    input_size: z.array(z.int().positive()).length(3).optional(),
  }),
});

const networks: readonly (readonly [architecture: RegExp, model: string])[] = [
  [/^vit_small_patch14_reg4_dinov2/, "vit-s-14-dinov2-reg"],
  [/^vit_small_patch14_dinov2/, "vit-s-14-dinov2"],
  [/^vit_base_patch16_clip_quickgelu_\d+/, "vit-b-16-clip"],
  [/^vit_small_patch16_\d+/, "vit-s-16"],
  [/^vit_base_patch16_\d+/, "vit-b-16"],
  [/^convnext_tiny$/, "convnext-tiny"],
  [/^mobilenetv3_small_100$/, "mobilenet-v3-small"],
  [/^mobilenetv3_large_100$/, "mobilenet-v3-large"],
  [/^efficientnet_b0$/, "efficientnet-b0"],
  [/^resnet(18|34|50)$/, "resnet$1"],
];

/**
 * The configuration in `config.json` beside the weights; null where there is none, or it is not timm's.
 * @throws InputError for one of timm's whose values are not of the expected kind.
 */
export async function readTimmConfig(weights: string): Promise<TimmConfig | null> {
  const file = join(dirname(weights), "config.json");
  const contents = await readJson(weights, file);
  if (typeof contents !== "object" || contents === null || !("pretrained_cfg" in contents)) return null;
  const parsed = configSchema.safeParse(contents);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InputError(`${file}: ${issue?.path.join(".")}: expected timm's architecture, mean, std and input_size`);
  }
  const { architecture, pretrained_cfg } = parsed.data;
  const [, height = null, width = null] = pretrained_cfg.input_size ?? [];
  const rule = networks.find(([pattern]) => pattern.test(architecture));
  return {
    file,
    model: rule === undefined ? null : (architecture.match(rule[0])?.[0].replace(...rule) ?? null),
    imageSize: height === width ? height : null,
    mean: pretrained_cfg.mean,
    std: pretrained_cfg.std,
  };
}

async function readJson(weights: string, file: string): Promise<unknown> {
  const isFile = await stat(weights).then(
    (entry) => entry.isFile(),
    () => false,
  );
  if (!isFile) return null;
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return null;
  }
}
