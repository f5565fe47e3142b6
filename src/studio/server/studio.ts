// The studio's server: the page and what it asks for.
import type { FastifyInstance } from "fastify";
import { type Command, ownCommand } from "./control/train-process.js";
import { createHttpApp } from "./http-app.js";
import { runRoutes } from "./routes/runs.js";
import { createRunList } from "./runs/run-list.js";

export interface StudioOptions {
  /** The folder of all runs. */
  readonly root: string;
  /** The address to be listened on. */
  readonly host: string;
  /** The folder of the built page. */
  readonly page: string;
  /** Is told of errors that are the server's own. */
  readonly report: (error: Error) => void;
  /** CPU threads of what it starts (default: all). */
  readonly threads?: number | undefined;
  /** How this package's command line is run. */
  readonly command?: Command;
}

export interface Studio {
  readonly app: FastifyInstance;
  /** The secret of the address to open: `/?token=...`. */
  readonly token: string;
}

export async function createStudio(options: StudioOptions): Promise<Studio> {
  const { root, host, page, report, threads, command = ownCommand } = options;
  const { app, token } = await createHttpApp(host, page, report);
  const runs = createRunList(root);
  runRoutes(app, { root, runs, compute: { command, threads } });
  return { app, token };
}
