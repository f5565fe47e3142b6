// The queues of the page.
import type { z } from "zod";
import { type Decision, type ReviewState, reviewQueue } from "../../../review/index.js";
import { RequestError } from "../../../serving/index.js";
import type { decision, queueItem, queueName, queuePage, queueQuery } from "../../api.js";
import type { LoadedPart } from "../evidence/loaded.js";

type Query = z.output<typeof queueQuery>;
type QueueName = z.output<typeof queueName>;
type Item = z.output<typeof queueItem>;

/** One page of a queue. @throws RequestError for sample numbers that cannot be read. */
export function queuePageOf(state: ReviewState, part: LoadedPart, query: Query): z.output<typeof queuePage> {
  const { queue, offset, limit, reviewer, at } = query;
  const { rows, again } = reviewQueue(state, part, { ...query, among: amongOf(state, part, query) });
  const reasons = reasonsOf(part, queue);
  const decisions = state.decisions(part.part, reviewer);
  const items = Array.from(rows.subarray(offset, offset + limit), (row) => {
    const isAgain = again.has(row);
    const decided = isAgain ? undefined : decisions.get(part.samples[row]!);
    return itemOf(part, row, { decided, again: isAgain, reason: reasons.get(part.samples[row]!) ?? null });
  });
  const place = at === undefined ? -1 : rows.findIndex((row) => part.samples[row] === at);
  return { total: rows.length, items, place: place < 0 ? null : place };
}

interface Shown {
  readonly decided: Decision | undefined;
  readonly again: boolean;
  readonly reason: string | null;
}

export function itemOf(part: LoadedPart, row: number, { decided, again, reason }: Shown): Item {
  const { samples, files, given, suggested, pWrong, classes } = part;
  const wrong = pWrong[row]!;
  return {
    sample: samples[row]!,
    file: files?.[row] ?? null,
    given: classes[given[row]!] ?? null,
    suggested: classes[suggested[row]!] ?? null,
    pWrong: Number.isNaN(wrong) ? null : wrong,
    reason,
    decision: decided === undefined ? null : decisionOf(decided),
    again,
  };
}

export const decisionOf = ({ verdict, label, reviewer, time }: Decision): z.output<typeof decision> => ({
  verdict,
  label,
  reviewer,
  time,
});

/** The samples that a queue is made of, in its order; undefined for all of the part. */
function amongOf(
  state: ReviewState,
  part: LoadedPart,
  { queue, samples, reviewer }: Query,
): readonly number[] | undefined {
  if (queue === "suspects" || queue === "all") return undefined;
  if (queue === "audit") return auditedSamples(state, part, reviewer);
  if (queue === "map") return sampleNumbers(samples ?? "");
  return part.flagged.find(({ name }) => name === queue)?.samples ?? [];
}

/** The draws of the reviewer's last audit of a part. */
export function auditedSamples(
  state: ReviewState,
  { part }: Pick<LoadedPart, "part">,
  reviewer: string,
): readonly number[] {
  return state.audits.findLast((audit) => audit.part === part && audit.reviewer === reviewer)?.samples ?? [];
}

function sampleNumbers(text: string): number[] {
  if (!/^(\d{1,9}(,\d{1,9})*)?$/.test(text)) {
    throw new RequestError(
      400,
      `samples: received ${JSON.stringify(text.slice(0, 100))}; expected comma-separated numbers`,
    );
  }
  return text === "" ? [] : text.split(",").map(Number);
}

/** The reason of each sample of a queue of flagged ones. */
export function reasonsOf({ flagged }: LoadedPart, queue: QueueName): ReadonlyMap<number, string> {
  const found = flagged.find(({ name }) => name === queue);
  return new Map(found?.samples.map((sample, i) => [sample, found.reasons[i]!]));
}
