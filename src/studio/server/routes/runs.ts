// Routes of runs.
import type { FastifyInstance } from "fastify";
import type { z } from "zod";
import type { runList } from "../../api.js";
import type { RunList } from "../runs/run-list.js";

interface Context {
  readonly runs: RunList;
  readonly opens: string | null;
}

export function runRoutes(app: FastifyInstance, { runs, opens }: Context): void {
  app.get("/api/runs", (): z.output<typeof runList> => ({ runs: runs.entries(), opens }));
}
