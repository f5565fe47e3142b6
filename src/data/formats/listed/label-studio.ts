// Label Studio's exports: JSON (tasks with annotations) and JSON-MIN (a row an annotation).
// @see https://labelstud.io/guide/export, https://labelstud.io/guide/task_format
import { dirname, extname } from "node:path";
import { z } from "zod";
import { InputError } from "../../../errors.js";
import { option } from "../../../options/index.js";
import { kindOf } from "../../files.js";
import { labelNames, partOfRow, splitIn } from "../../tables/columns.js";
import type { Row } from "../../tables/table.js";
import type { DataSet, Format, ReadOptions } from "../../types.js";
import { type Item, readItemSet } from "./item-set.js";
import { expectKind, jsonIn } from "./json-file.js";
import { locate } from "./locate.js";

const result = z.object({ value: z.object({ choices: z.array(z.string()).optional() }).optional() });
const annotation = z.object({ was_cancelled: z.boolean().nullish(), result: z.array(result).nullish() });
const fields = z.record(z.string(), z.unknown());
const task = z.object({ data: fields, annotations: z.array(annotation).optional() });

type Fields = z.output<typeof fields>;

/** What JSON-MIN has beside the fields of a task and the names of its choices. */
const facts = ["id", "annotator", "annotation_id", "created_at", "updated_at", "lead_time", "agreement"];
/** The fields of a task that name its image. */
const imageNames = ["image", "img", "file", "path", "url"];

/**
 * An export whose tasks are images with a choice each. The label is what most annotations say; of a task without any, a label
 * among its fields (`given`, `label`). Canceled annotations, and as many for two choices, give none. Predictions are no labels.
 */
export const labelStudio: Format = {
  name: "label-studio",
  async detect(path) {
    if ((await kindOf(path)) !== "file" || extname(path).toLowerCase() !== ".json") return false;
    const tasks = await jsonIn(path);
    return Array.isArray(tasks) && tasks.length > 0 && isTask(tasks[0]);
  },
  async read(path, options): Promise<DataSet> {
    const tasks = await jsonIn(path);
    if (!Array.isArray(tasks) || tasks.length === 0) {
      throw new InputError(`${path}: no JSON list of tasks; expected Label Studio's export as JSON`);
    }
    const rows = tasks.map((value, i) => ({ values: dataOf(value), where: `${path}, task ${i + 1}` }));
    const columns = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
    const { fileColumn = null, labelColumn = null } = options;
    const split = splitIn({ path, columns, rows, notes: [] }, options, [fileColumn, labelColumn]);
    const items = rows.map((row, i) => itemOf(tasks[i], row, { ...options, split }));
    const folder = dirname(path);
    const found = await locate(path, folder, items);
    return readItemSet({ format: "label-studio", path, folder, mayLackLabels: true, ...found }, options);
  },
};

function isTask(value: unknown): boolean {
  const given = fields.safeParse(value).data ?? {};
  return "annotation_id" in given || ("data" in given && ("annotations" in given || "predictions" in given));
}

/** The fields of a task, wherever the export has them. */
function dataOf(value: unknown): Fields {
  const flat = fields.safeParse(value).data ?? {};
  return fields.safeParse(flat.data).data ?? flat;
}

type TaskReading = ReadOptions & { readonly split: string | null };

function itemOf(value: unknown, row: Row, { fileColumn, labelColumn, split }: TaskReading): Item {
  const { where } = row;
  const flat = expectKind(where, fields, value);
  const isMin = !("data" in flat);
  const { data, annotations = [] } = isMin ? { data: flat } : expectKind(where, task, value);
  const image = fileColumn ?? imageNames.find((name) => typeof data[name] === "string");
  const url = image === undefined ? undefined : data[image];
  if (typeof url !== "string") {
    throw new InputError(
      `${where}: its fields are ${Object.keys(data).join(", ")}, and none names an image; expected ${option("fileColumn", "NAME")}`,
    );
  }
  const named = labelColumn ?? ["given", ...labelNames].find((name) => name in data);
  const inData = isMin ? minLabel(data, url, named, where) : String(data[named ?? ""] ?? "");
  const text = annotations.length > 0 ? agreedChoice(annotations, where) : inData;
  return { file: fileOfUrl(url), where, text, part: partOfRow(row, split) ?? "train" };
}

/** The choice that most annotations make; "" for none, and where two are as frequent. */
function agreedChoice(annotations: readonly z.output<typeof annotation>[], where: string): string {
  const counts = new Map<string, number>();
  for (const { was_cancelled, result: results } of annotations) {
    const choices = was_cancelled ? [] : (results ?? []).flatMap(({ value }) => value?.choices ?? []);
    if (choices.length > 1) throw new InputError(`${where}: ${choices.join(", ")}; expected one choice an image`);
    for (const choice of choices) counts.set(choice, (counts.get(choice) ?? 0) + 1);
  }
  const [first, second] = [...counts].sort(([, a], [, b]) => b - a);
  return first === undefined || first[1] === second?.[1] ? "" : first[0];
}

/** JSON-MIN has the choice under the name of its control, which is the only other field. */
function minLabel(data: Fields, url: string, named: string | undefined, where: string): string {
  const others = Object.keys(data).filter((name) => !facts.includes(name) && data[name] !== url);
  const label = named ?? (others.length === 1 ? others[0] : undefined);
  if (label === undefined) {
    throw new InputError(
      `${where}: the label is one of ${others.join(", ")}; expected ${option("labelColumn", "NAME")}`,
    );
  }
  const value = data[label];
  if (value === undefined || typeof value === "string") return value ?? "";
  throw new InputError(`${where}: ${label} is ${JSON.stringify(value)}; expected one choice an image`);
}

/** The path in an address of Label Studio: of local storage, or of an upload, whose name begins with eight digits of its own. */
function fileOfUrl(url: string): string {
  const [, local] = /^\/data\/local-files\/?\?d=([^&]*)/.exec(url) ?? [];
  if (local !== undefined) return decoded(local);
  const [, upload] = /^\/data\/upload\/(?:\d+\/)?(?:[0-9a-f]{8}-)?(.+)$/.exec(url) ?? [];
  if (upload !== undefined) return decoded(upload);
  return url.replace(/^file:\/\//, "").replace(/^\w+:\/\/[^/]+\//, "");
}

/** A name may hold a percent sign that stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
