// Routes of the review of a run's data.
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { partName, queueQuery, startAudit, undo, verdictAction } from "../../api.js";
import type { Evidence, LoadedPart } from "../evidence/loaded.js";
import { type EvidenceStore, isProgress, type Progress } from "../evidence/store.js";
import { parsed } from "../requests.js";
import { overviewOf } from "../review/overview.js";
import { itemOf, queuePageOf, reasonsOf } from "../review/queue.js";
import type { ReviewLogs } from "../review/review-logs.js";
import { beginAudit, giveVerdict, statsOf, undoLast } from "../review/verdicts.js";
import type { RunList } from "../runs/run-list.js";
import { detailsOf } from "../samples/details.js";

export interface ReviewContext {
  readonly runs: RunList;
  readonly store: EvidenceStore;
  readonly logs: ReviewLogs;
}

const partQuery = z.object({ part: partName.default("train"), reviewer: z.string().min(1).default("me") });
const sampleQuery = z.object({ reviewer: z.string().min(1).default("me"), queue: queueQuery.shape.queue });

/** A route's work with the evidence of its run. */
type Work = (evidence: Evidence, request: FastifyRequest, reply: FastifyReply) => unknown;

/** Answers 202 with the progress while the evidence is collected. */
export function withEvidence({ runs, store }: Pick<ReviewContext, "runs" | "store">, work: Work) {
  return (request: FastifyRequest, reply: FastifyReply): unknown => {
    const evidence: Evidence | Progress = store.get(runs.find((request.params as { readonly run: string }).run));
    return isProgress(evidence) ? reply.code(202).send(evidence) : work(evidence, request, reply);
  };
}

/** For requests that write: an answer means that it is written, so none waits for evidence by a newer checkpoint. */
function withCollected({ runs, store }: Pick<ReviewContext, "runs" | "store">, work: Work) {
  return (request: FastifyRequest, reply: FastifyReply): unknown =>
    work(store.collected(runs.find((request.params as { readonly run: string }).run)), request, reply);
}

export function reviewRoutes(app: FastifyInstance, context: ReviewContext): void {
  const { logs } = context;
  const route = (method: "GET" | "POST", path: string, work: Work) =>
    app.route({ method, url: `/api/runs/:run/${path}`, handler: withEvidence(context, work) });
  const writes = (path: string, work: Work) => app.post(`/api/runs/:run/${path}`, withCollected(context, work));
  const reviewed = (evidence: Evidence, part: LoadedPart) => ({ run: evidence.run, part, logs });

  route("GET", "overview", (evidence, { query }) => {
    const { part, reviewer } = parsed(partQuery, query);
    const [state, notes] = [logs.state(evidence.run), logs.notes(evidence.run)];
    return overviewOf(evidence, evidence.part(part), { state, notes, reviewer });
  });
  const queue = (evidence: Evidence, given: unknown) => {
    const query = parsed(queueQuery, given);
    return queuePageOf(logs.state(evidence.run), evidence.part(query.part), query);
  };
  route("GET", "queue", (evidence, { query }) => queue(evidence, query));
  route("POST", "queue", (evidence, { body }) => queue(evidence, body));
  route("GET", "samples/:part/:sample", async (evidence, request) => {
    const { part, row } = sampleOf(evidence, request);
    const { reviewer, queue: name } = parsed(sampleQuery, request.query);
    const sample = part.samples[row]!;
    const decided = logs.state(evidence.run).decisions(part.part, reviewer).get(sample);
    const reason = reasonsOf(part, name).get(sample) ?? null;
    return { ...itemOf(part, row, { decided, again: false, reason }), ...(await detailsOf(evidence, part, row)) };
  });
  writes("verdicts", (evidence, { body }) => {
    const action = parsed(verdictAction, body);
    return giveVerdict(reviewed(evidence, evidence.part(action.part)), action);
  });
  writes("undo", (evidence, { body }) => undoLast(evidence, logs, parsed(undo, body ?? {})));
  route("GET", "stats", (evidence, { query }) => {
    const { part, reviewer } = parsed(partQuery, query);
    return statsOf(reviewed(evidence, evidence.part(part)), reviewer);
  });
  writes("audit", (evidence, { body }) => {
    const request = parsed(startAudit, body);
    return beginAudit(reviewed(evidence, evidence.part(request.part)), request);
  });
}

const sampleParams = z.object({ part: partName, sample: z.string().regex(/^\d{1,9}$/) });

/** The sample that an address names. @throws RequestError for one that there is not. */
export function sampleOf(
  evidence: Evidence,
  { params }: FastifyRequest,
): { readonly part: LoadedPart; readonly row: number } {
  const { part: name, sample } = parsed(sampleParams, params);
  const part = evidence.part(name);
  return { part, row: part.rowOf(Number(sample)) };
}
