// A run that was trained on verdicts begins its review with them: what is decided does not come again.
import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { z } from "zod";
import { writeFileAtomic } from "../../../atomic-files.js";
import {
  appendReview,
  type Decision,
  isDecided,
  type NewAction,
  type ReviewState,
  readReview,
  reviewState,
} from "../../../review/index.js";
import { type PartName, readIndex } from "../evidence/evidence-files.js";
import { type Evidence, loadEvidence } from "../evidence/loaded.js";
import { partsOf, sampleKey } from "./sample-key.js";

const originFile = (run: string) => join(run, "reviewed-run.json");
const origin = z.object({ run: z.string() });

/** Notes in a run's folder which run's verdicts it is trained on. */
export function writeOrigin(run: string, reviewed: string): void {
  writeFileAtomic(originFile(run), `${JSON.stringify({ run: relative(run, reviewed) })}\n`);
}

/** Appends the verdicts on the reviewed run to the log of the one that was trained on them, once both have their evidence. */
export function carryOver(run: string): void {
  if (!existsSync(originFile(run)) || hasCarried(run)) return;
  const reviewed = resolve(run, origin.parse(JSON.parse(readFileSync(originFile(run), "utf8"))).run);
  const [before, after] = [evidenceOf(reviewed), evidenceOf(run)];
  if (before === null || after === null) return;
  for (const action of carriedActions(reviewState(readReview(reviewed).actions), before, after))
    appendReview(run, action);
}

const hasCarried = (run: string) =>
  readReview(run).actions.some((action) => action.kind === "verdict" && action.carried);

function evidenceOf(run: string): Evidence | null {
  const index = readIndex(run);
  return index === null ? null : loadEvidence(run, index, 0);
}

type VerdictInput = Extract<NewAction, { readonly kind: "verdict" }>;

/** A verdict as it reads on the second run. */
interface Carried extends Pick<Decision, "verdict" | "label" | "reviewer"> {
  readonly part: PartName;
  readonly sample: number;
}

/**
 * An action for each reviewer, part and verdict: `right` where the second run has the decided class as its label. Samples that were left
 * out, and classes that the second run does not have, are passed over.
 */
export function carriedActions(state: ReviewState, before: Evidence, after: Evidence): VerdictInput[] {
  const groups = new Map<string, Carried[]>();
  for (const one of carriedVerdicts(state, before, after)) {
    const key = `${one.part} ${one.verdict} ${one.reviewer}`;
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(one);
  }
  return [...groups.values()].map((members) => {
    const { part, verdict, reviewer } = members[0]!;
    const samples = members.map(({ sample }) => sample);
    const labels = verdict === "relabel" ? members.map(({ label }) => label!) : null;
    return { kind: "verdict", part, samples, verdict, labels, reviewer, queue: "all", carried: true };
  });
}

function carriedVerdicts(state: ReviewState, before: Evidence, after: Evidence): Carried[] {
  const places = placesOf(after);
  const decided = partsOf(before).flatMap((part) =>
    state.reviewers.flatMap((reviewer) =>
      [...state.decisions(part.part, reviewer)].map(([sample, decision]) => ({ part, sample, decision })),
    ),
  );
  return decided.flatMap(({ part, sample, decision }): Carried[] => {
    const row = part.find(sample);
    const place = row === null ? undefined : places.get(sampleKey(before, part, row));
    if (row === null || place === undefined || !isDecided(decision)) return [];
    const { verdict, reviewer } = decision;
    const label = verdict === "right" ? (before.classes[part.given[row]!] ?? null) : decision.label;
    const { given, ...at } = place;
    if (label === null || label === given)
      return [{ ...at, reviewer, label, verdict: label === null ? verdict : "right" }];
    return after.classes.includes(label) ? [{ ...at, reviewer, label, verdict: "relabel" }] : [];
  });
}

/** Where the second run has each sample, by `sampleKey`. */
function placesOf(evidence: Evidence) {
  return new Map(
    partsOf(evidence).flatMap((part) =>
      Array.from(part.samples, (sample, row) => {
        const given = evidence.classes[part.given[row]!] ?? null;
        return [sampleKey(evidence, part, row), { part: part.part, sample, given }] as const;
      }),
    ),
  );
}
