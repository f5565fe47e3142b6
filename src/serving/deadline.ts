// Runs work with a deadline.
import type { ServerResponse } from "node:http";
import { RequestError } from "./request-error.js";

/**
 * Runs work whose signal is aborted when `ms` have passed, or when nobody waits for the response any more.
 * @throws RequestError with status 503 after `ms`.
 */
export async function withDeadline<T>(
  response: ServerResponse,
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  const givenUp = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  const timer = setTimeout(() => controller.abort(new RequestError(503, `no prediction after ${ms} ms`)), ms);
  const gone = () => controller.abort(new RequestError(499, "the client is gone"));
  response.once("close", gone);
  try {
    return await Promise.race([work(signal), givenUp]);
  } finally {
    clearTimeout(timer);
    response.off("close", gone);
  }
}
