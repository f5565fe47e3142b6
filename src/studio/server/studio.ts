// The studio's server: the page and its API.
import type { FastifyInstance } from "fastify";
import { ownFolder } from "./control/built.js";
import { type Collect, collectInProcess } from "./evidence/collector.js";
import { createEvidenceStore } from "./evidence/store.js";
import { createHttpApp } from "./http-app.js";
import { createReviewLogs } from "./review/review-logs.js";
import { loopRoutes } from "./routes/loop.js";
import { pictureRoutes } from "./routes/pictures.js";
import { reviewRoutes } from "./routes/review.js";
import { runRoutes } from "./routes/runs.js";
import { createRunList } from "./runs/run-list.js";

export interface StudioOptions {
  /** The folder of all runs. */
  readonly root: string;
  /** How many folders below it runs are looked for (default: 4, such as runs/study/row/seed-0). */
  readonly deepest?: number;
  /** The address to be listened on. */
  readonly host: string;
  /** The folder of the built page. */
  readonly page: string;
  /** Receives errors of the server itself. */
  readonly report: (error: Error) => void;
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
  /** The secret of the address to open: `/?token=...`. */
  readonly token: string;
}

export async function createStudio(options: StudioOptions): Promise<Studio> {
  const { root, host, page, report, threads, device, built = ownFolder } = options;
  const { collect = collectInProcess(built, { threads, device }) } = options;
  const { app, token } = await createHttpApp(host, page, report);
  const runs = createRunList(root, options.deepest ?? 4);
  const running = { root, runs, compute: { built, threads } };
  const review = { runs, store: createEvidenceStore(collect), logs: createReviewLogs() };
  runRoutes(app, running);
  reviewRoutes(app, review);
  pictureRoutes(app, review);
  loopRoutes(app, { ...running, ...review });
  return { app, token };
}
