// The outputs of all ranks, each of which has evaluated a block of the samples.
import { distributed } from "../torch/index.js";

export interface Outputs {
  /** (evaluated samples, outputs), row-major. */
  readonly outputs: Float32Array;
  /** The samples that could be decoded, in order. */
  readonly evaluated: Int32Array;
}

/** The notes of all ranks, without repeats. */
export async function gatherNotes(group: distributed.ProcessGroup, own: readonly string[]): Promise<string[]> {
  const all = await distributed.gatherTexts(group, JSON.stringify(own));
  return [...new Set(all.flatMap((notes) => JSON.parse(notes) as string[]))];
}

/** Puts the ranks' outputs together, on all of them, in the order of the samples. */
export async function gatherOutputs(
  group: distributed.ProcessGroup,
  { outputs, evaluated }: Outputs,
): Promise<Outputs> {
  return {
    outputs: await distributed.gatherValues(group, outputs),
    evaluated: await distributed.gatherValues(group, evaluated),
  };
}
