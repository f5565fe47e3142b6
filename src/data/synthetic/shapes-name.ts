// The built-in shapes as a data argument, by which a run finds its data again.
import { InputError } from "../../errors.js";
import type { ShapesOptions } from "./shapes.js";

const prefix = "shapes:";
const keys = ["train", "test", "size", "seed"] as const;
const pattern = new RegExp(`^${prefix}${keys.map((key) => `${key}=(\\d+)`).join(",")}$`);

/** The name of shapes: `shapes:train=5000,test=1000,size=24,seed=0`. */
export function shapesName({ train, test, size = 32, seed }: ShapesOptions): string {
  return `${prefix}train=${train},test=${test},size=${size},seed=${seed}`;
}

/** The shapes that a data argument names; null for any other argument. @throws InputError where one of their numbers is missing. */
export function shapesNamed(name: string): Required<ShapesOptions> | null {
  if (!name.startsWith(prefix)) return null;
  const numbers = pattern.exec(name)?.slice(1).map(Number);
  if (numbers === undefined) throw new InputError(`${incomplete(name)}; expected ${example}, in this order`);
  const [train, test, size, seed] = numbers as [number, number, number, number];
  return { train, test, size, seed };
}

const example = shapesName({ train: 5000, test: 1000, size: 24, seed: 0 });

function incomplete(name: string): string {
  const given = name.slice(prefix.length).split(",");
  const missing = keys.filter((key) => !given.some((part) => part.startsWith(`${key}=`)));
  if (missing.length === 0) return `the built-in shapes: received "${name}"`;
  return `the built-in shapes: received "${name}", without ${missing.map((key) => `${key}=`).join(", ")}`;
}
