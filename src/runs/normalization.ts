// The mean and deviation that a run's input is normalized with.
import { type ChannelStatistics, type DataSet, type Samples, statisticsOf } from "../data/index.js";
import { InputError } from "../errors.js";
import { methodNamed } from "../methods/index.js";
import { option } from "../options/index.js";
import type { Recipe } from "./recipe/schema.js";

/** The figures that the field uses for CIFAR-10, which the paper's recipe normalizes with. */
const cifarStatistics: ChannelStatistics = { mean: [0.4914, 0.4822, 0.4465], std: [0.2023, 0.1994, 0.201] };

/** None: pixels from 0 to 1, as the paper attacks them. */
const identityStatistics = ({ mean, std, ...range }: ChannelStatistics) => ({
  mean: mean.map(() => 0),
  std: std.map(() => 1),
  ...range,
});

/**
 * The mean and deviation that a run's input is normalized with: the recipe's, else the data's.
 * @throws InputError where the recipe gives a mean without a deviation, or not one per channel.
 */
export async function normalizationFor(
  { objective, mean, std }: Recipe,
  { format }: DataSet,
  train: Samples,
): Promise<ChannelStatistics> {
  const found = format === "cifar-10" ? cifarStatistics : await statisticsOf(train);
  if (mean === undefined && std === undefined)
    return methodNamed(objective).family === "adversarial" ? identityStatistics(found) : found;
  if (mean === undefined || std === undefined) {
    throw new InputError(
      `${option("mean")} and ${option("std")} go together; received ${option(mean === undefined ? "std" : "mean")} alone`,
    );
  }
  for (const [name, values] of Object.entries({ mean, std })) {
    if (values.length === found.mean.length) continue;
    const expected = `${found.mean.length}, one per ${train.shape.length === 3 ? "channel" : "feature"}`;
    throw new InputError(`${option(name, values.join(","))}: received ${values.length} numbers; expected ${expected}`);
  }
  return { ...found, mean: [...mean], std: [...std] };
}
