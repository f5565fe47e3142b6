// Routes of runs: the list, one of them, its events, and the processes that train.
import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { startRun as startRunBody } from "../../api.js";
import { readRecipeForm } from "../control/recipe-form.js";
import { type Compute, resumeRun, startRun } from "../control/start.js";
import { stopRun } from "../control/stop.js";
import { parseCursor } from "../events/cursor.js";
import { machineLoad } from "../events/machine.js";
import { streamEvents } from "../events/stream.js";
import { parsed } from "../requests.js";
import { compareRuns } from "../runs/compare.js";
import { readDetails } from "../runs/run-details.js";
import type { RunList } from "../runs/run-list.js";

export interface RunContext {
  readonly root: string;
  readonly runs: RunList;
  readonly compute: Compute;
}

const eventsQuery = z.object({ after: z.string().optional() });
const compareQuery = z.object({
  runs: z.union([z.string(), z.array(z.string())]).meta({ expected: "the ids of runs" }),
});

const idOf = ({ params }: FastifyRequest) => (params as { readonly run: string }).run;

export function runRoutes(app: FastifyInstance, { root, runs, compute }: RunContext): void {
  const load = machineLoad(root);
  app.get("/api/runs", () => ({ runs: runs.entries() }));
  app.get("/api/runs/:run", (request) => readDetails(runs.find(idOf(request))));
  app.get("/api/runs/:run/events", (request, reply) => {
    const { path } = runs.find(idOf(request));
    const { after = request.headers["last-event-id"] } = parsed(eventsQuery, request.query);
    reply.hijack();
    reply.raw.writeHead(200, { ...reply.getHeaders(), "content-type": "text/event-stream" } as Record<string, string>);
    streamEvents(reply.raw, path, parseCursor(after), load);
  });
  app.get("/api/recipe-form", readRecipeForm);
  app.get("/api/compare", (request) => {
    const { runs: ids } = parsed(compareQuery, request.query);
    return compareRuns((typeof ids === "string" ? ids.split(",") : ids).map(runs.find));
  });
  app.post("/api/runs", async (request) => {
    const { recipe } = parsed(startRunBody, request.body);
    return { id: await startRun(root, recipe, compute) };
  });
  app.post("/api/runs/:run/stop", (request) => ({ message: stopRun(runs.find(idOf(request))) }));
  app.post("/api/runs/:run/resume", async (request) => ({
    message: await resumeRun(runs.find(idOf(request)), compute),
  }));
}
