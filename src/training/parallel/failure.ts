// What a rank logs when it or another one fails.
import { hostname } from "node:os";
import { setTimeout } from "node:timers/promises";
import { InputError } from "../../errors.js";
import { distributed } from "../../torch/index.js";

/** How long to wait for the reason of another rank whose connection is closed. */
const patienceMs = 500;
/** How long the store may take to answer. */
const answerMs = 500;

const isConnection = (error: Error) =>
  !(error instanceof InputError) &&
  /connection|socket|timed out|timeout|peer|gloo|recv operation|send operation/i.test(error.message);

/** Another rank has failed, or is gone. */
export class LostRankError extends Error {}

/**
 * The error as this rank reports it: its own, left for the others; or, where only the connection to another rank was lost,
 * that rank's.
 */
export async function failureOf(error: Error, { rank, world }: distributed.ProcessGroup): Promise<Error> {
  if (world === 1 || error instanceof LostRankError) return error;
  if (!isConnection(error)) {
    distributed.reportFailure(`rank ${rank} (host ${hostname()}) stopped: ${error.message}`);
    return error;
  }
  return new LostRankError(
    (await reasonOf(isSilence(error) ? 0 : patienceMs)) ??
      `rank ${rank} (host ${hostname()}) lost another rank: ${whatLost(error)}`,
  );
}

const silence = /timed out waiting (\d+)ms/i;
/** A rank that does not answer has left no reason, either. */
const isSilence = ({ message }: Error) => silence.test(message);

/** Gloo's words for a rank that does not answer, or is gone, in ours. */
function whatLost({ message }: Error): string {
  const [, waited] = silence.exec(message) ?? [];
  if (waited !== undefined) return `no answer within ${Number(waited) / 1000} s`;
  return /closed|reset|refused/i.test(message) ? "its connection is closed" : message;
}

async function reasonOf(patienceMs: number): Promise<string | null> {
  if (!(await distributed.storeAnswers(answerMs))) return null;
  for (let waited = 0; waited <= patienceMs; waited += 100) {
    const reason = distributed.reportedFailure();
    if (reason !== null) return reason;
    await setTimeout(100);
  }
  return null;
}
