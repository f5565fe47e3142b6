// Finds what is wrong with a data set: label errors, and every other kind of issue.
import type { Samples } from "../data/index.js";
import type { Features } from "../data/neighbors/index.js";
import { InputError } from "../errors.js";
import type { RunInspection } from "./evidence.js";
import type { Findings, LabelIssue } from "./findings.js";
import type { IssueKind } from "./kinds/define-kind.js";
import { type FoundKind, findKinds } from "./kinds/find-kinds.js";
import { outlier } from "./kinds/outlier.js";
import { issueKinds, kindsOf } from "./kinds/registry.js";
import { columnOrderNotes } from "./labels/column-order.js";
import {
  type GivenProbabilities,
  type LabelFindings,
  labelFindings,
  labelFindingsByProbabilities,
} from "./labels/label-findings.js";
import { neighborProbabilities } from "./labels/neighbor-probabilities.js";
import type { Names } from "./labels/rank.js";
import { type DataPart, issueEvidence } from "./part.js";
import { type PartName, partNamed, partsOfRun } from "./parts-of-run.js";

export interface IssueOptions {
  /** The part that is searched (default: other data than the run's where it was inspected, else train). */
  readonly part?: PartName;
  /** Kinds of issues to search for besides wrong labels ("label", always ranked): names, or custom kinds (default: all). */
  readonly types?: readonly (string | IssueKind)[];
}

/**
 * The issues of one part of a run's data: its labels ranked, and a score and a flag a sample for each other kind.
 *
 * @example const { issues, noiseRate, kinds } = await findIssues(await inspectRun("runs/photos-sat-1"))
 *
 * Labels of the training part are ranked by their history during training, those of the other parts by the final network, which
 * never saw them. Those that a person has confirmed (`pinned`) come last, with P(wrong) 0.
 *
 * The neighbors that duplicates and outliers are found by cost n^2 featureSize multiplications, up to 100,000 samples.
 * @throws InputError for an unknown kind, and for a part that the data does not have.
 */
export async function findIssues(
  inspection: RunInspection,
  { part, types = issueKinds }: IssueOptions = {},
): Promise<Findings> {
  const kinds = kindsOf(types);
  const parts = partsOfRun(inspection);
  const name = part ?? (inspection.unseen === undefined ? "train" : "data");
  const searched = partNamed(parts, name);
  const others = parts.filter((other) => other !== searched);
  const { found, notes } = await findKinds(issueEvidence(inspection.classes, searched, others), kinds);
  const far = outliersOf(found);
  const labels =
    name === "train"
      ? labelFindings(inspection, new Set(far.map((row) => searched.indices[row]!)))
      : labelsOfPart(inspection.classes, searched, far);
  return {
    ...labels,
    issues: name === "train" || name === "validation" ? confirmedLast(labels.issues, inspection.pinned) : labels.issues,
    part: name,
    samples: searched.indices,
    kinds: found,
    notes,
  };
}

function confirmedLast(issues: readonly LabelIssue[], pinned: Int32Array = new Int32Array()): readonly LabelIssue[] {
  if (pinned.length === 0) return issues;
  const confirmed = new Set(pinned);
  const isConfirmed = ({ index }: LabelIssue) => confirmed.has(index);
  const right = issues
    .filter(isConfirmed)
    .map((issue): LabelIssue => ({ ...issue, score: 0, pWrong: 0, verdict: "hard" }));
  return [...issues.filter((issue) => !isConfirmed(issue)), ...right];
}

/** The rows of the outliers, where those were searched for. */
function outliersOf(found: readonly FoundKind[]): number[] {
  const flags = found.find(({ kind }) => kind.name === outlier.name)?.columns[0]?.flags ?? [];
  return Array.from(flags.keys()).filter((row) => flags[row] === 1);
}

/** By the probabilities of the final network; positions are those in the data set. */
function labelsOfPart(
  classes: readonly string[],
  { labels, probabilities, files, indices }: DataPart,
  far: readonly number[],
): LabelFindings {
  const given = { probabilities: probabilities!, labels, classes, files, far: new Set(far) };
  const found = labelFindingsByProbabilities(given);
  return { ...found, issues: found.issues.map((issue) => ({ ...issue, index: indices[issue.index]! })) };
}

/** Label errors by any out-of-sample probabilities. @throws InputError where there is not one probability for each class. */
export function findIssuesByProbabilities(given: GivenProbabilities): Findings {
  const samples = Int32Array.from(given.labels.keys());
  const findings = labelFindingsByProbabilities(given);
  return { ...findings, part: "data", samples, kinds: [], notes: columnOrderNotes(given) };
}

/** Features of labeled samples, whatever made them. */
export interface GivenFeatures extends Names {
  /** (n, size), the rows in the order of the labels. */
  readonly features: Features;
  /** (n); -1 for a sample without a label. */
  readonly labels: Int32Array;
  /** The samples themselves, for image quality and for copies verified on the pixels. */
  readonly samples?: Samples | undefined;
  /** The folder that files are relative to, where the original files can be read. */
  readonly folder?: string | undefined;
  /** Kinds of issues to search for besides wrong labels (default: all). */
  readonly types?: readonly (string | IssueKind)[];
}

/**
 * Issues by the nearest neighbors of any features, without training: labels by the votes of ten neighbors
 * (`neighborProbabilities`), the other kinds as of a run.
 *
 * n^2 size multiplications up to 100,000 samples.
 * @throws InputError where there is not one row of finite numbers for each label, and for an unknown kind.
 */
export async function findIssuesByFeatures({
  features,
  labels,
  classes,
  files,
  samples,
  folder,
  types = issueKinds,
}: GivenFeatures): Promise<Findings> {
  const kinds = kindsOf(types);
  if (features.values.length !== labels.length * features.size) {
    const received = `received ${features.values.length} values for ${labels.length} labels`;
    throw new InputError(`features: ${received}; expected ${features.size} for each label`);
  }
  const broken = features.values.findIndex((value) => !Number.isFinite(value));
  if (broken >= 0) {
    const row = Math.floor(broken / features.size);
    throw new InputError(`features: received ${features.values[broken]} in row ${row}; expected finite numbers`);
  }
  const indices = Int32Array.from(labels.keys());
  const part = { name: "data", indices, labels, files, folder, samples: samples ?? null, features };
  const known = { ...part, unreadable: new Int32Array() };
  const neighbors = await issueEvidence(classes, { ...known, probabilities: null }).neighbors();
  const probabilities = neighborProbabilities(neighbors, labels, classes.length);
  const evidence = { ...issueEvidence(classes, { ...known, probabilities }), neighbors: async () => neighbors };
  const { found, notes } = await findKinds(evidence, kinds);
  const far = new Set(outliersOf(found));
  const ranked = labelFindingsByProbabilities({ probabilities, labels, classes, files, far });
  return { ...ranked, part: "data", samples: indices, kinds: found, notes };
}
