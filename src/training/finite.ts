// Checks that stop a run before a diverged network overwrites a good checkpoint.
import { option } from "../options/index.js";
import { noGrad, ops, scope, type Tensor } from "../torch/index.js";

interface Position {
  readonly epoch: number;
  readonly step: number;
}

/** A loss, gradients or weights that are not finite. */
export class DivergedError extends Error {}

/** @throws DivergedError naming epoch and step for a value that is not finite; `null` is a value that was not computed. */
export function requireFinite(what: string, value: number | null, { epoch, step }: Position): void {
  if (value === null || Number.isFinite(value)) return;
  throw new DivergedError(
    `${what} at epoch ${epoch}, step ${step}: training stopped; this step was not saved. ` +
      `A lower ${option("lr")}, ${option("warmupEpochs")} or ${option("clipGradNorm")} usually helps`,
  );
}

/** A step can ruin the weights though its loss was finite. @throws DivergedError naming epoch and step. */
export function requireFiniteWeights(parameters: readonly Tensor[], position: Position): void {
  const norm = scope(() => noGrad(() => ops.stack(ops.foreachNorm(parameters)).sum().item()));
  requireFinite("the weights are not finite", norm, position);
}
