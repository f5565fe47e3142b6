// What `serve` does: opens the model, listens until a signal comes, and ends when everything taken on is answered.
import { once } from "node:events";
import { openPredictor } from "../../../inference/index.js";
import { allowOnlyPictures, createServer, drain, listen } from "../../../serving/index.js";
import { log, printResult } from "../../shared/output.js";
import type { PredictorFlags } from "../../shared/predictor-options.js";
import { stopOnSignals } from "../../shared/signals.js";

export interface ServeFlags extends PredictorFlags {
  readonly host: string;
  readonly port: number;
  readonly maxBatch: number;
  readonly maxWaitMs: number;
  readonly queue: number;
  readonly bodyLimit: number;
  readonly timeout: number;
}

/** Serves until SIGTERM (status 0) or SIGINT (130); a second signal ends at once. */
export async function serveUntilStopped(model: string, flags: ServeFlags): Promise<void> {
  const signals = stopOnSignals(() => log("stopping: answering what was accepted; once more ends at once"));
  const predictor = await openPredictor(model, flags);
  try {
    allowOnlyPictures();
    const limits = { bodyLimit: Math.round(flags.bodyLimit * 1e6), timeoutMs: Math.round(flags.timeout * 1000) };
    const server = await createServer(predictor, { ...flags, ...limits }, (error) => log(`error: ${error.message}`));
    const url = await listen(server, flags.host, flags.port);
    printResult(flags.json, { url }, [`${model} answers at ${url}`]);
    if (!signals.signal.aborted) await once(signals.signal, "abort");
    await drain(server, { mostMs: 2 * limits.timeoutMs });
    if (signals.status() === 130) process.exitCode = 130;
  } finally {
    signals.release();
    await predictor.close();
  }
}
