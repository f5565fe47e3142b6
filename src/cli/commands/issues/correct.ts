// The corrected training data of `issues`, and how many samples were changed and why.
import {
  correctable,
  type DropReason,
  type Findings,
  type LabelIssue,
  leastWrong,
  samplesToDrop,
} from "../../../issues/index.js";
import type { LabeledData } from "../../../review/index.js";
import { correctedManifest } from "./corrected-manifest.js";
import type { Correction } from "./issues-usage.js";

export interface Corrected {
  readonly file: string;
  readonly text: string;
  /** One line. */
  readonly summary: string;
}

/** Corrects those of the selected samples that need it. @throws InputError as `correctedManifest` and `samplesToDrop` do. */
export function correct(
  correction: Correction,
  findings: Findings,
  selected: readonly LabelIssue[],
  data: LabeledData,
): Corrected {
  const { file, action, reasons, least } = correction;
  const threshold = least ?? leastWrong;
  const all = data.train.labels.length;
  if (action === "relabel") {
    const wrong = correctable(selected, findings.classHealth, threshold);
    const changes = new Map(wrong.map(({ index, suggested }) => [index, suggested]));
    const text = correctedManifest({ file, action, changes, data });
    return {
      file,
      text,
      summary: `${file}: ${wrong.length} of ${all} samples relabeled ${labelsText(wrong, threshold)}`,
    };
  }
  const dropped = samplesToDrop(findings, { reasons, least: threshold, among: selected });
  const changes = new Map([...dropped.keys()].map((index) => [index, null]));
  const text = correctedManifest({ file, action, changes, data });
  const wrong = selected.filter(({ index }) => dropped.get(index) === "label");
  const labels = reasons.includes("label") ? ` ${labelsText(wrong, threshold)}` : "";
  return {
    file,
    text,
    summary: `${file}: ${dropped.size} of ${all} samples left out${counts(dropped, reasons)}${labels}`,
  };
}

/** ": 12 label, 8 duplicate", where there are other reasons than labels. */
function counts(dropped: ReadonlyMap<number, DropReason>, reasons: readonly DropReason[]): string {
  if (reasons.every((reason) => reason === "label")) return "";
  const found = [...dropped.values()];
  return `: ${reasons.map((reason) => `${found.filter((one) => one === reason).length} ${reason}`).join(", ")}`;
}

function labelsText(wrong: readonly LabelIssue[], threshold: number): string {
  const right = Math.round(wrong.reduce((sum, { pWrong }) => sum + 1 - pWrong, 0));
  const expected = wrong.length === 0 ? "" : `; about ${right} of these labels are expected to be right`;
  return `(P(wrong) ${threshold.toFixed(3)} or more)${expected}`;
}
