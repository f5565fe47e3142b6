// Sees a stretch of computation as the list of its operator calls: model summaries, exporters and profilers read that list.
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

/** Runs `body` and hands back its result and every operator call made meanwhile. */
export function recordCalls<T>(body: () => T): { result: T; calls: RecordedCall[] } {
  const outer = calls;
  const recorded: RecordedCall[] = [];
  calls = recorded;
  try {
    return { result: body(), calls: recorded };
  } finally {
    calls = outer;
    outer?.push(...recorded);
  }
}
