// The outputs of all ranks, each of which has evaluated a block of the samples.
import { type distributed, ops, scope, tensor } from "../torch/index.js";

export interface Outputs {
  /** (evaluated samples, outputs), row-major. */
  readonly outputs: Float32Array;
  /** The samples that could be decoded, in order. */
  readonly evaluated: Int32Array;
}

/** The rank's consecutive share of the samples; nobody's is padded. */
export function blockOf(indices: Int32Array, { rank, world }: distributed.ProcessGroup): Int32Array {
  const boundary = (i: number) => Math.floor((i * indices.length) / world);
  return indices.subarray(boundary(rank), boundary(rank + 1));
}

/** Puts the ranks' outputs together, on all of them. A column beside the outputs says which samples could be decoded. */
export async function gatherOutputs(
  group: distributed.ProcessGroup,
  indices: Int32Array,
  own: Outputs,
): Promise<Outputs> {
  if (group.world === 1) return own;
  const columns = await largest(group, own.evaluated.length === 0 ? 0 : own.outputs.length / own.evaluated.length);
  const positions = new Map([...indices].map((sample, position) => [sample, position]));
  const table = new Float32Array(indices.length * (columns + 1));
  own.evaluated.forEach((sample, row) => {
    const start = (positions.get(sample) as number) * (columns + 1);
    table.set(own.outputs.subarray(row * columns, (row + 1) * columns), start);
    table[start + columns] = 1;
  });
  const sum = tensor(table);
  await group.allReduce([sum]);
  const all = sum.data() as Float32Array;
  sum.release();
  return readableRows(all, indices, columns);
}

function readableRows(table: Float32Array, indices: Int32Array, columns: number): Outputs {
  const evaluated = indices.filter((_, position) => table[position * (columns + 1) + columns] === 1);
  const outputs = new Float32Array(evaluated.length * columns);
  let row = 0;
  for (let start = 0; start < table.length; start += columns + 1) {
    if (table[start + columns] === 1) outputs.set(table.subarray(start, start + columns), columns * row++);
  }
  return { outputs, evaluated };
}

async function largest(group: distributed.ProcessGroup, value: number): Promise<number> {
  const most = scope(() => ops.full([1], value));
  await group.allReduce([most], "max");
  const result = most.item() as number;
  most.release();
  return result;
}
