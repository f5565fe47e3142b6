// Reviewed data for other programs.

import { extname } from "node:path";
import { type Cell, csvText } from "../csv-text.js";
import { InputError } from "../errors.js";
import type { ReviewedData, ReviewedSample } from "./corrections.js";
import { type LabeledData, pathsFrom } from "./labeled-data.js";
import { manifestText } from "./manifest.js";

export interface ReviewExport {
  /** The file to write: paths in it are relative to its folder. */
  readonly file: string;
  readonly reviewed: ReviewedData;
  readonly data: LabeledData;
}

interface Format {
  /** Of its files' names. */
  readonly endings: readonly string[];
  readonly text: (request: ReviewExport) => string;
}

const formats = {
  csv: { endings: [".csv"], text: csvExport },
  "label-studio": { endings: [".json"], text: labelStudioExport },
  fiftyone: { endings: [".json"], text: fiftyOneExport },
  metadata: { endings: [".csv"], text: metadataExport },
  manifest: { endings: [".csv", ".jsonl"], text: correctedExport },
} satisfies Record<string, Format>;

export type ExportFormat = keyof typeof formats;

export const exportFormats = Object.keys(formats) as readonly ExportFormat[];

/**
 * The text of a file with the reviewed data:
 * - `csv`: a row a sample, with given and corrected label, verdict, and the names of cleanlab's columns;
 * - `label-studio`: tasks to import, verdicts as annotations, labels without one as predictions;
 * - `fiftyone`: `labels.json` of an image classification data set, of the training data;
 * - `metadata`: Hugging Face's `metadata.csv`, to be put beside the images;
 * - `manifest`: what `train` reads, as `manifestText`.
 * @throws InputError for a name with another ending, and for data that is not in files where the format lists files.
 */
export function exportText(format: ExportFormat, request: ReviewExport): string {
  const { endings, text }: Format = formats[format];
  if (endings.includes(extname(request.file))) return text(request);
  const expected = `expected a name that ends in ${endings.join(" or ")}`;
  throw new InputError(`${format} export: received "${request.file}"; ${expected}`);
}

/** The corrected training and test data as `train` reads it. */
function correctedExport({ file, reviewed, data }: ReviewExport): string {
  const labelsOf = (isTest: boolean) =>
    reviewed.samples.filter(({ part }) => (part === "test") === isTest).map(({ label }) => label);
  return manifestText({ file, train: labelsOf(false), test: labelsOf(true) }, data);
}

function csvExport({ reviewed }: ReviewExport): string {
  const columns = ["index", "file", "part", "given_label", "corrected_label", "is_label_issue", "predicted_label"];
  const more = ["label_quality", "verdict", "reviewer", "time"];
  const rows = reviewed.samples.map(({ index, file, part, given, label, decision }): Cell[] => {
    const { suggested = null, pWrong = null, verdict = null, reviewer = null, time = null } = decision ?? {};
    const quality = pWrong === null ? null : 1 - pWrong;
    return [index, file, part, given, label, label !== given, suggested, quality, verdict, reviewer, time];
  });
  return csvText([...columns, ...more], rows);
}

/** Paths are for local file serving with the folder of the data as its root; a verdict "none" is a canceled annotation. */
function labelStudioExport({ reviewed, data }: ReviewExport): string {
  filesOf("label-studio", data);
  const urlOf = (file: string) => `/data/local-files/?d=${file.split("/").map(encodeURIComponent).join("/")}`;
  const choice = (name: string) => ({
    from_name: "label",
    to_name: "image",
    type: "choices",
    value: { choices: [name] },
  });
  const tasks = reviewed.samples.map(({ file, given, label, decision, part }) => {
    const data = { image: urlOf(file!), given, part };
    if (decision === null || decision.verdict === "ambiguous") {
      return { data, predictions: [{ model_version: "given label", result: [choice(given)] }] };
    }
    const result = label === null ? [] : [choice(label)];
    const suggested = decision.suggested === null ? [] : [suggestion(choice(decision.suggested), decision.pWrong)];
    return { data, annotations: [{ result, was_cancelled: label === null }], predictions: suggested };
  });
  return `${JSON.stringify(tasks)}\n`;
}

const suggestion = (result: object, score: number | null) => ({
  model_version: "selfadapt",
  ...(score !== null && { score }),
  result: [result],
});

/** Labels of the training data by path without ending, relative to its folder. */
function fiftyOneExport({ reviewed, data }: ReviewExport): string {
  filesOf("fiftyone", data);
  const kept = reviewed.samples.filter(({ label, part }) => label !== null && part !== "test");
  const stem = (file: string) => file.replaceAll("\\", "/").slice(0, file.length - extname(file).length);
  const labels = kept.map(({ file, label }): [string, number] => [stem(file!), data.classes.indexOf(label!)]);
  return `${JSON.stringify({ classes: data.classes, labels: Object.fromEntries(labels) })}\n`;
}

/** @see https://huggingface.co/docs/datasets/image_dataset: file_name is relative to the table's folder. */
function metadataExport({ file: out, reviewed, data }: ReviewExport): string {
  const pathOf = pathsFrom(out, filesOf("metadata", data));
  const kept = reviewed.samples.filter(({ label }) => label !== null);
  return csvText(
    ["file_name", "label", "split"],
    kept.map(({ file, label, part }): Cell[] => [pathOf(file!), label, part]),
  );
}

/** The path of data in files. @throws InputError for other data. */
function filesOf(format: ExportFormat, { path, train }: LabeledData): string {
  if (path !== null && train.files !== undefined) return path;
  throw new InputError(`${format} export lists files: this data is not in files; expected csv or manifest`);
}

/** The samples whose label a person confirmed or gave, as `--pinned` reads them. */
export function pinnedText(
  confirmed: readonly ReviewedSample[],
  out: string,
  { path, train, positions }: LabeledData,
): string {
  const labels = confirmed.map(({ label }) => label!);
  if (train.files === undefined || path === null) {
    return csvText(
      ["index", "label"],
      confirmed.map(({ index }, i) => [positions?.[index] ?? index, labels[i]!]),
    );
  }
  const pathOf = pathsFrom(out, path);
  return csvText(
    ["file", "label"],
    confirmed.map(({ file }, i) => [pathOf(file!), labels[i]!]),
  );
}
