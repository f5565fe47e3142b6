// What Hugging Face's `datasets` writes on the columns of its parquet files: into the files, else beside them.
// @see https://huggingface.co/docs/hub/datasets-cards, https://huggingface.co/docs/datasets/about_dataset_features
import { dirname, join } from "node:path";
import { parse as parseYaml } from "yaml";
import { z } from "zod";
import type { ParquetFile } from "../../containers/parquet-file.js";
import { readBytes } from "../../files.js";
import type { Feature } from "./parquet-columns.js";

type Features = ReadonlyMap<string, Feature>;

/** A feature in JSON; nested ones have no `_type` of their own. */
const jsonFeature = z.object({ _type: z.string().default(""), names: z.array(z.string()).optional() });
const jsonFeatures = z.record(z.string(), z.unknown());
const cardFeature = z.object({ name: z.string(), dtype: z.unknown() });
const classLabel = z.object({
  class_label: z.object({ names: z.union([z.array(z.string()), z.record(z.string(), z.string())]) }),
});

/** The features of the columns: of the file itself, of `README.md` or `dataset_infos.json` in its folder or the one above; none otherwise. */
export async function featuresOf(file: ParquetFile): Promise<Features> {
  const own = parsed(file.notes.get("huggingface"), JSON.parse) as { info?: { features?: unknown } } | null;
  const inFile = fromJson(own?.info?.features);
  if (inFile.size > 0) return inFile;
  const folder = dirname(file.path);
  for (const place of [folder, dirname(folder)]) {
    const found = (await fromCard(join(place, "README.md"))) ?? (await fromInfos(join(place, "dataset_infos.json")));
    if (found !== null) return found;
  }
  return new Map();
}

function fromJson(features: unknown): Features {
  const given = jsonFeatures.safeParse(features).data ?? {};
  return new Map(
    Object.entries(given).flatMap(([name, value]): [string, Feature][] => {
      const { data } = jsonFeature.safeParse(value);
      return data === undefined ? [] : [[name, { type: data._type, names: data.names ?? null }]];
    }),
  );
}

/** The first configuration of the YAML header of a data card; null where it names no features. */
async function fromCard(path: string): Promise<Features | null> {
  const [, header] = /^---\r?\n(.*?)\r?\n---/s.exec((await textOf(path)) ?? "") ?? [];
  const card = parsed(header, parseYaml) as { dataset_info?: unknown } | null;
  const info = [card?.dataset_info].flat()[0] as { features?: unknown } | undefined;
  const features = z.array(cardFeature).safeParse(info?.features).data;
  return features === undefined ? null : new Map(features.map(({ name, dtype }) => [name, ofCard(dtype)]));
}

function ofCard(dtype: unknown): Feature {
  const label = classLabel.safeParse(dtype).data?.class_label.names;
  if (label === undefined) return { type: dtype === "image" ? "Image" : "Value", names: null };
  if (Array.isArray(label)) return { type: "ClassLabel", names: label };
  const inOrder = Object.entries(label).sort(([a], [b]) => Number(a) - Number(b));
  return { type: "ClassLabel", names: inOrder.map(([, name]) => name) };
}

/** The first configuration of `dataset_infos.json`; null where it names no features. */
async function fromInfos(path: string): Promise<Features | null> {
  const infos = parsed((await textOf(path)) ?? undefined, JSON.parse);
  const [first] = Object.values((infos ?? {}) as Record<string, { features?: unknown } | null>);
  const found = fromJson(first?.features);
  return found.size === 0 ? null : found;
}

const textOf = (path: string) =>
  readBytes(path).then(
    (bytes) => bytes.toString("utf8"),
    () => null,
  );

/** What a text says; null where it is missing or damaged, as names are looked for elsewhere then. */
function parsed(text: string | undefined, parse: (text: string) => unknown): unknown {
  try {
    return text === undefined ? null : parse(text);
  } catch {
    return null;
  }
}
