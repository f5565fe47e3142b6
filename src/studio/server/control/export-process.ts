// Prints the reviewed data of a run for other programs: `node export-process.js RUN FORMAT`. Its first line is the name of a file in
// the folder of the data, which the paths in it are relative to.
import { join } from "node:path";
import { dataPlace, folderOf } from "../../../data/index.js";
import { type ExportFormat, exportText, readReview, reviewedData, reviewState } from "../../../review/index.js";
import { readRunLabels } from "../../../runs/index.js";

const names: Readonly<Record<ExportFormat, string>> = {
  csv: "review.csv",
  manifest: "corrected.csv",
  "label-studio": "tasks.json",
  fiftyone: "labels.json",
  metadata: "metadata.csv",
};

const [run = "", format = "csv"] = process.argv.slice(2) as [string, ExportFormat];
try {
  const read = await readRunLabels(run, {});
  const data = { ...read, path: await dataPlace(read.path) };
  const reviewed = reviewedData(reviewState(readReview(run).actions), data);
  const file = join(folderOf(data.path) ?? data.path, names[format]);
  process.stdout.write(`${names[format]}\n${exportText(format, { file, reviewed, data })}`);
} catch (error) {
  process.stderr.write(`error: ${(error as Error).message.split("\n")[0]}\n`);
  process.exitCode = 1;
}
