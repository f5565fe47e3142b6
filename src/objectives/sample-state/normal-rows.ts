// Random rows of samples: those of a block are the same as in a draw of all.
import { type DType, type distributed, ops, scope, type Tensor } from "../../torch/index.js";

interface NormalRowsOptions {
  readonly samples: number;
  readonly columns: number;
  readonly block: distributed.Block;
  readonly dtype?: DType;
  readonly device?: string;
}

/**
 * Rows at a time. On the CPU libtorch draws normal numbers 16 at a time, and the last 16 again where their number is no multiple of 16: draws
 * in pieces of multiples, the last one at least as long, have the numbers of one draw. On CUDA ranks only agree with each other.
 */
const pieceRows = 8192;

/**
 * The rows of a block, (count, columns), of standard normal numbers for all samples, (samples, columns): every rank draws all, piece by piece,
 * and keeps its own.
 */
export function normalRows({ samples, columns, block, ...options }: NormalRowsOptions): Tensor {
  if (block.count === samples) return ops.randn([samples, columns], options);
  const end = block.first + block.count;
  const kept: Tensor[] = [ops.zeros([0, columns], options)];
  for (const [start, rows] of pieces(samples)) {
    const [from, to] = [Math.max(start, block.first), Math.min(start + rows, end)];
    const drawn = scope(() => {
      const all = ops.randn([rows, columns], options);
      return from < to ? all.narrow(0, from - start, to - from).clone() : null;
    });
    if (drawn !== null) kept.push(drawn);
  }
  return ops.cat(kept);
}

/** First rows and lengths. */
function pieces(samples: number): [number, number][] {
  const count = Math.max(1, Math.floor(samples / pieceRows));
  return Array.from({ length: count }, (_, i) => {
    const start = i * pieceRows;
    return [start, i === count - 1 ? samples - start : pieceRows];
  });
}
