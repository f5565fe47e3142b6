// Detects collapsed representations: nearly the same for all samples.
import { methodNamed } from "../../methods/index.js";
import type { EpochMetrics } from "../../runs/files/epoch-metrics.js";
import type { EpochHook } from "./hook.js";

type Spread = Pick<EpochMetrics, "embeddingDeviation" | "evenDeviation" | "effectiveRank" | "epoch">;

/** Counts consecutive evaluated epochs with nearly the same representation for all samples; notes the second one. */
export function countCollapse(
  before: number,
  { embeddingDeviation: deviation, evenDeviation: even, effectiveRank: rank, epoch }: Spread,
  method: string,
): { readonly epochs: number; readonly note: string | null } {
  if (deviation == null || even == null || rank == null) return { epochs: before, note: null };
  if (deviation >= even / 5 && rank >= 1.5) return { epochs: 0, note: null };
  const figures = `deviation ${deviation.toFixed(4)} of ${even.toFixed(4)}, effective rank ${rank.toFixed(1)}`;
  const advice = methodNamed(method).collapseAdvice ?? "a lower `lr` usually helps";
  const note = `epoch ${epoch}: the embedding is collapsing (${figures}): ${advice}`;
  return { epochs: before + 1, note: before === 1 ? note : null };
}

export const detectCollapse: EpochHook = ({ prepared, progress, metrics }) => {
  const { epochs, note } = countCollapse(progress.collapsing, metrics, prepared.recipe.objective);
  return { progress: { collapsing: epochs }, notes: note === null ? [] : [note] };
};
