// The ranges of a search: what its trials draw recipe keys from.
import { z } from "zod";
import { randomFrom } from "../../data/index.js";
import { methodsWith } from "../../methods/index.js";
import { coreShape } from "../../runs/recipe/schema.js";

const interval = z
  .strictObject({ min: z.number(), max: z.number(), scale: z.enum(["linear", "log"]).default("linear") })
  .refine(({ min, max }) => min < max, "expected min below max")
  .refine(({ min, scale }) => scale === "linear" || min > 0, "expected min above 0 with scale: log");

/** A list of values, or the numbers from `min` to `max`. */
export const rangeSchema = z.union([z.array(z.unknown()).min(1), interval], {
  error: "expected a list of values, or { min, max, scale }",
});

type Interval = z.output<typeof interval>;
export type Range = z.output<typeof rangeSchema>;

/** Keys that change the labels that trials are compared by, or how long they train. */
export const fixedKeys = [
  "data",
  "format",
  "labels",
  "noise",
  "limitTrain",
  "valFraction",
  "testFraction",
  "seed",
  "epochs",
];

/** Whether a recipe key takes whole numbers only: its schema refuses what lies between those of the interval. */
function isWhole(key: string, { min, max }: Interval): boolean {
  const field = (coreShape[key] ?? methodsWith(key)[0]?.options[key]) as z.ZodType | undefined;
  const between = min + 0.381966 * (max - min);
  return field?.safeParse(Math.ceil(min)).success === true && !field.safeParse(between).success;
}

/**
 * The value of a key in a trial; the same whichever other keys and trials there are. Of an interval, with u uniform in [0, 1):
 *
 * min + u (max - min), or with a log scale min (max / min)^u; to 4 digits, or whole for a key of whole numbers.
 */
export function drawValue(key: string, range: Range, trial: number, seed: number): unknown {
  const u = randomFrom(seed, trial, key, "search").uniform();
  if (Array.isArray(range)) return range[Math.floor(u * range.length)];
  const { min, max, scale } = range;
  const between = (low: number, high: number) => (scale === "log" ? low * (high / low) ** u : low + u * (high - low));
  if (!isWhole(key, range)) return Number(between(min, max).toPrecision(4));
  return Math.min(Math.floor(max), Math.max(Math.ceil(min), Math.round(between(min, max))));
}
