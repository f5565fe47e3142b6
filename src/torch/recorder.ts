// Records a computation as a list of operator calls, for model summaries, exporters and profilers.
import { refuseAsync, scope } from "./lifetime.js";
import type { Tensor } from "./tensor.js";

/** One operator call: arguments in the schema's order, absent ones undefined. */
export interface RecordedCall {
  readonly operator: string;
  readonly values: readonly unknown[];
  readonly results: readonly Tensor[];
}

let calls: RecordedCall[] | null = null;

export function recordCall(call: RecordedCall): void {
  calls?.push(call);
}

export function recording(): boolean {
  return calls !== null;
}

/** A scope, except while recording, where all tensors are to be read later. */
export function scopeUnlessRecording<T>(body: () => T): T {
  return recording() ? body() : scope(body);
}

/** Runs `body` without recording its calls, where a part of a computation is recorded as one call. */
export function unrecorded<T>(body: () => T): T {
  const outer = calls;
  calls = null;
  try {
    return body();
  } finally {
    calls = outer;
  }
}

/** Runs `body` and returns its result and every operator call made by it. @throws Error when `body` is async. */
export function recordCalls<T>(body: () => T): { result: T; calls: RecordedCall[] } {
  const outer = calls;
  const recorded: RecordedCall[] = [];
  calls = recorded;
  try {
    const result = body();
    refuseAsync("recordCalls", result);
    return { result, calls: recorded };
  } finally {
    calls = outer;
    outer?.push(...recorded);
  }
}
