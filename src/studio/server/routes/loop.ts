// Routes that close the loop: exports, a second training, and what it came to.
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { exportFormats } from "../../../review/exports.js";
import { retrain } from "../../api.js";
import { retrainRun } from "../control/retrain.js";
import { exportReview } from "../control/review-files.js";
import { isProgress } from "../evidence/store.js";
import { parsed } from "../requests.js";
import { compareTrainings } from "../review/before-after.js";
import type { FoundRun } from "../runs/find-runs.js";
import { stateOf } from "../runs/run-status.js";
import type { ReviewContext } from "./review.js";
import type { RunContext } from "./runs.js";

const exportQuery = z.object({ format: z.enum(exportFormats) });
const withQuery = z.object({ with: z.string() });

export function loopRoutes(
  app: FastifyInstance,
  { root, runs, compute, store, logs }: RunContext & ReviewContext,
): void {
  const runOf = ({ params }: FastifyRequest) => runs.find((params as { readonly run: string }).run);

  app.get("/api/runs/:run/export", async (request, reply) => {
    const { format } = parsed(exportQuery, request.query);
    const { id, path } = runOf(request);
    const { text, ending } = await exportReview(compute.built, path, format);
    const name = `${id.replace(/[^\w-]+/g, "-")}-${format}${ending}`;
    reply.header("content-disposition", `attachment; filename="${name}"`);
    return reply.type(ending === ".json" ? "application/json" : "text/csv").send(text);
  });
  app.post("/api/runs/:run/retrain", async (request) => ({
    id: await retrainRun(root, runOf(request), parsed(retrain, request.body ?? {}), compute),
  }));
  app.get("/api/runs/:run/before-after", (request, reply) => {
    const [before, after] = [runOf(request), runs.find(parsed(withQuery, request.query).with)];
    const [first, second] = [evidenceOf(before), evidenceOf(after)];
    if (first !== null && isProgress(first)) return reply.code(202).send(first);
    if (second !== null && isProgress(second)) return reply.code(202).send(second);
    const compared = [
      { path: before.path, evidence: first },
      { path: after.path, evidence: second },
    ] as const;
    return compareTrainings(...compared, logs.state(before.path));
  });

  /** Null while the run is not finished. */
  function evidenceOf(run: FoundRun) {
    return stateOf(run.path).status === "finished" ? store.get(run) : null;
  }
}
