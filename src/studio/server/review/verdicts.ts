// Verdicts, undo and audits: appended to the log, answered when they are on the disk.
import type { z } from "zod";
import { didYouMean } from "../../../errors.js";
import { drawAudit, reviewStatistics, whatIsLeft } from "../../../review/index.js";
import { RequestError } from "../../../serving/index.js";
import type { reviewStats, saved, startAudit, undo, verdictAction } from "../../api.js";
import type { Evidence, LoadedPart } from "../evidence/loaded.js";
import { decisionOf } from "./queue.js";
import type { ReviewLogs } from "./review-logs.js";

type Stats = z.output<typeof reviewStats>;
type Saved = z.output<typeof saved>;

export interface Reviewed {
  readonly run: string;
  readonly part: LoadedPart;
  readonly logs: ReviewLogs;
}

export function statsOf({ run, part, logs }: Reviewed, reviewer: string): Stats {
  const state = logs.state(run);
  const { secondsEach: _, ...statistics } = reviewStatistics(state, part.part, reviewer);
  const [curve, precision] = [[...statistics.curve], [...statistics.precision]];
  return { ...statistics, curve, precision, ...whatIsLeft(state, part, reviewer) };
}

/** @throws RequestError for samples or classes that the part does not have, InputError for a class too many or too few; then nothing is written. */
export function giveVerdict(reviewed: Reviewed, action: z.output<typeof verdictAction>): Saved {
  const { run, part, logs } = reviewed;
  const { samples, verdict, label = null, labels = null, reviewer, seconds, queue, again } = action;
  const rows = samples.map(part.rowOf);
  for (const name of [...(label === null ? [] : [label]), ...(labels ?? [])]) requireClass(part.classes, name);
  const nameOf = (numbers: Int32Array) => rows.map((row) => part.classes[numbers[row]!] ?? null);
  const shown = {
    given: nameOf(part.given),
    suggested: nameOf(part.suggested),
    pWrong: rows.map((row) => (Number.isNaN(part.pWrong[row]!) ? null : part.pWrong[row]!)),
  };
  const written = logs.append(run, {
    kind: "verdict",
    part: part.part,
    samples,
    verdict,
    label,
    labels,
    reviewer,
    seconds,
    queue,
    again,
    shown,
  });
  return savedAs(reviewed, written.id, { samples, reviewer });
}

function requireClass(classes: readonly string[], label: string): void {
  if (classes.includes(label)) return;
  const near = didYouMean(label, classes);
  throw new RequestError(400, `label: received ${JSON.stringify(label)}; expected a class of the data${near}`);
}

/** @throws RequestError with status 409 where there is nothing to take back. */
export function undoLast(evidence: Evidence, logs: ReviewLogs, { reviewer }: z.output<typeof undo>): Saved {
  const { run } = evidence;
  const last = logs.state(run).undoable(reviewer);
  if (last === null) throw new RequestError(409, `there is no verdict of ${reviewer} to take back`);
  const part = evidence.part(last.part);
  const { id } = logs.append(run, { kind: "undo", undo: last.id, reviewer });
  return savedAs({ run, part, logs }, id, { samples: last.samples, reviewer });
}

/** Fixes the draws of an audit, before any of them is looked at. */
export function beginAudit(reviewed: Reviewed, { draws, reviewer }: z.output<typeof startAudit>): Stats {
  const { run, part, logs } = reviewed;
  logs.append(run, drawAudit(logs.state(run), { part: part.part, samples: part.samples, draws, reviewer }));
  return statsOf(reviewed, reviewer);
}

function savedAs(
  reviewed: Reviewed,
  action: string,
  { samples, reviewer }: { readonly samples: readonly number[]; readonly reviewer: string },
): Saved {
  const { part } = reviewed.part;
  const decisions = reviewed.logs.state(reviewed.run).decisions(part, reviewer);
  const entries = samples.map((sample) => {
    const decided = decisions.get(sample);
    return [String(sample), decided === undefined ? null : decisionOf(decided)] as const;
  });
  return { action, part, decisions: Object.fromEntries(entries), stats: statsOf(reviewed, reviewer) };
}
