// The built-in shapes as a data argument, by which a run finds its data again.
import type { ShapesOptions } from "./shapes.js";

const pattern = /^shapes:train=(\d+),test=(\d+),size=(\d+),seed=(\d+)$/;

/** The name of shapes: `shapes:train=5000,test=1000,size=24,seed=0`. */
export function shapesName({ train, test, size = 32, seed }: ShapesOptions): string {
  return `shapes:train=${train},test=${test},size=${size},seed=${seed}`;
}

/** The shapes that a data argument names; null for any other argument. */
export function shapesNamed(name: string): Required<ShapesOptions> | null {
  const numbers = pattern.exec(name)?.slice(1).map(Number);
  if (numbers === undefined) return null;
  const [train, test, size, seed] = numbers as [number, number, number, number];
  return { train, test, size, seed };
}
