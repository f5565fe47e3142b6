// Features as directions: centered, at length 1.
import { noGrad, scope, type Tensor, tensor } from "../../torch/index.js";
import type { Features } from "./types.js";

/** Keeps the division finite where a row is the mean, which is then like nothing. */
const leastNorm = 1e-12;

export const rowCount = ({ values, size }: Features): number => values.length / size;

/** The samples that are not in `left`, ascending. */
export function readableRows(samples: number, left: Int32Array = new Int32Array()): Int32Array {
  const unreadable = new Set(left);
  return Int32Array.from({ length: samples }, (_, i) => i).filter((i) => !unreadable.has(i));
}

/** The mean of the rows, (size). */
export function meanFeature(features: Features, rows: Int32Array): Tensor {
  return noGrad(() => rowsOf(features, rows).mean([0]));
}

/** (rows, size): f - mean, at length 1; 0 where f is the mean. */
export function directionsOf(features: Features, rows: Int32Array, mean: Tensor): Tensor {
  return noGrad(() => {
    const centered = scope(() => rowsOf(features, rows).sub(mean));
    const norms = scope(() => centered.square().sum([1], { keepdim: true }).sqrt().clampMin(leastNorm));
    return centered.div_(norms);
  });
}

function rowsOf({ values, size }: Features, rows: Int32Array): Tensor {
  const all = tensor(values, { shape: [values.length / size, size] });
  return rows.length === values.length / size ? all : all.indexSelect(0, tensor(rows).to("int64"));
}
