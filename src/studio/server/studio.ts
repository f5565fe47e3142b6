// The studio's server: the page and what it asks for.
import type { FastifyInstance } from "fastify";
import { createHttpApp } from "./http-app.js";
import { runRoutes } from "./routes/runs.js";
import { createRunList } from "./runs/run-list.js";

export interface StudioOptions {
  /** The folder of all runs. */
  readonly root: string;
  /** The id of the run that the page opens at first; null for the latest. */
  readonly opens: string | null;
  /** The address to be listened on. */
  readonly host: string;
  /** The folder of the built page. */
  readonly page: string;
  /** Is told of errors that are the server's own. */
  readonly report: (error: Error) => void;
}

export interface Studio {
  readonly app: FastifyInstance;
  /** The secret of the address to open: `/?token=...`. */
  readonly token: string;
}

export async function createStudio({ root, opens, host, page, report }: StudioOptions): Promise<Studio> {
  const { app, token } = await createHttpApp(host, page, report);
  const runs = createRunList(root);
  runRoutes(app, { runs, opens });
  return { app, token };
}
