// The studio's server: the page and its API.
import type { FastifyInstance } from "fastify";
import { ownFolder } from "./control/built.js";
import { type Collect, collectInProcess } from "./evidence/collector.js";
import { createEvidenceStore } from "./evidence/store.js";
import { createHttpApp, type HttpOptions } from "./http-app.js";
import { createReviewLogs } from "./review/review-logs.js";
import { loopRoutes } from "./routes/loop.js";
import { pictureRoutes } from "./routes/pictures.js";
import { reviewRoutes } from "./routes/review.js";
import { runRoutes } from "./routes/runs.js";
import { createRunList } from "./runs/run-list.js";

export interface StudioOptions extends HttpOptions {
  /** The folder of all runs. */
  readonly root: string;
  /** How many folders below it runs are looked for (default: 4, such as runs/study/row/seed-0). */
  readonly deepest?: number;
  /** CPU threads of what it starts (default: all). */
  readonly threads?: number | undefined;
  /** Where networks are evaluated (default: auto). */
  readonly device?: string | undefined;
  /** The folder of the built package, whose scripts are run (default: that of this file). */
  readonly built?: string;
  /** How the evidence of a run is collected (default: by a process of its own). */
  readonly collect?: Collect;
}

export interface Studio {
  readonly app: FastifyInstance;
  /** The secret of the first address to open: `/?token=...`. */
  readonly token: string;
}

export async function createStudio(options: StudioOptions): Promise<Studio> {
  const { root, threads, device, built = ownFolder } = options;
  const { collect = collectInProcess(built, { threads, device }) } = options;
  const { app, token } = await createHttpApp(options);
  const runs = createRunList(root, options.deepest ?? 4);
  const running = { root, runs, compute: { built, threads } };
  const review = { runs, store: createEvidenceStore(collect), logs: createReviewLogs() };
  runRoutes(app, running);
  reviewRoutes(app, review);
  pictureRoutes(app, review);
  loopRoutes(app, { ...running, ...review });
  return { app, token };
}
