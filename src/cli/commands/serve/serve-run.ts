// Runs `serve`: listens until a signal arrives, then completes the accepted requests and ends.
import { once } from "node:events";
import { openPredictor, thresholdNotes } from "../../../inference/index.js";
import { allowOnlyPictures, createServer, drain, listen } from "../../../serving/index.js";
import { log, printResult } from "../../shared/output.js";
import { stopOnSignals } from "../../shared/signals.js";
import type { ServeOptions } from "./serve-options.js";

/** Serves until SIGTERM (status 0) or SIGINT (130); a second signal ends the process at once. */
export async function serve(model: string, options: ServeOptions): Promise<void> {
  const { host, port, json, cors: origins } = options;
  const limits = { bodyLimit: Math.round(options.bodyLimit * 1e6), timeoutMs: Math.round(options.timeout * 1000) };
  const signals = stopOnSignals(() => log("stopping: completing the accepted requests; a second signal ends at once"));
  const predictor = await openPredictor(model, options);
  for (const note of thresholdNotes(predictor)) log(note);
  try {
    allowOnlyPictures();
    const server = await createServer(predictor, { ...options, ...limits, origins }, ({ message }) =>
      log(`error: ${message}`),
    );
    const url = await listen(server, host, port);
    printResult(json, { url }, [`serving ${model} at ${url}`]);
    if (!signals.signal.aborted) await once(signals.signal, "abort");
    await drain(server, { mostMs: 2 * limits.timeoutMs });
    if (signals.status() === 130) process.exitCode = 130;
  } finally {
    signals.release();
    await predictor.close();
  }
}
