// Runs `studio`: serves the page until a signal arrives.
import { once } from "node:events";
import { statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "../../../errors.js";
import { isRun } from "../../../runs/run-folder.js";
import { allowOnlyPictures, listen } from "../../../serving/index.js";
import { createStudio, type Studio } from "../../../studio/index.js";
import { log, printResult } from "../../shared/output.js";
import { stopOnSignals } from "../../shared/signals.js";
import { openBrowser } from "./open-browser.js";
import type { StudioFlags } from "./studio-options.js";

const defaultFolder = "runs";
const defaultPort = 8321;

/** Serves until SIGTERM (status 0) or SIGINT (130). Training that the page started goes on. */
export async function studio(runs: string | undefined, options: StudioFlags): Promise<void> {
  const { host, json, noOpen, threads, device } = options;
  const place = placeOf(runs);
  const opens = place.opens === null ? "" : `#/run/${encodeURIComponent(place.opens)}/watch`;
  let base = "";
  const addressOf = (token: string) => `${base}/?token=${token}${opens}`;
  const server = await createStudio({
    root: place.root,
    deepest: place.deepest,
    host,
    threads,
    device,
    page: fileURLToPath(new URL("../../../studio/web", import.meta.url)),
    report: ({ message }) => log(`error: ${message}`),
    renewed: (token) => log(`opened in a browser; the address for another one: ${addressOf(token)}`),
  });
  const signals = stopOnSignals();
  try {
    allowOnlyPictures();
    base = await listenOn(server, options);
    const url = addressOf(server.token);
    printResult(json, { url }, [url]);
    if (!noOpen) openBrowser(url);
    if (!signals.signal.aborted) await once(signals.signal, "abort");
    if (signals.status() === 130) process.exitCode = 130;
  } finally {
    signals.release();
    await server.app.close();
  }
}

interface Place {
  /** The folder of all runs. */
  readonly root: string;
  /** How many folders below it runs are looked for. */
  readonly deepest: number;
  /** The run that the page opens. */
  readonly opens: string | null;
}

/** Of a run, those beside it are shown, too. @throws InputError for a path that is no folder. */
function placeOf(runs: string | undefined): Place {
  const path = resolve(runs ?? defaultFolder);
  if (runs !== undefined && !statSync(path, { throwIfNoEntry: false })?.isDirectory()) {
    throw new InputError(`there is no folder ${runs}; expected a folder of runs, or a run as train makes it`);
  }
  return isRun(path)
    ? { root: dirname(path), deepest: 1, opens: basename(path) }
    : { root: path, deepest: 4, opens: null };
}

/** @throws InputError where the port or the host cannot be had; without a port given, a free one takes the default's place. */
async function listenOn(server: Studio, { host, port }: StudioFlags): Promise<string> {
  if (port !== undefined) return listen(server, host, port);
  return listen(server, host, defaultPort).catch((error: unknown) =>
    listen(server, host, 0).catch(() => {
      throw error;
    }),
  );
}
