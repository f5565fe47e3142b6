// Standardizes features to mean 0 and deviation 1, so that the same l2 and learning rate suit any network.
import { type ChannelStatistics, channelStatistics } from "../../data/index.js";
import { scope, type Tensor, tensor } from "../../torch/index.js";
import type { LabeledFeatures } from "./features.js";

/** Maps features (n, size) to (x - mean) / deviation; belongs in a scope. */
export type Standardize = (features: Tensor) => Tensor;

/** The mean and (population) deviation of each feature over these samples; a constant feature is only moved to 0. */
export function standardizationOf({ features, size, labels }: LabeledFeatures, device: string): Standardize {
  const { mean, std } = channelStatistics({ values: features, shape: [size], labels }) as ChannelStatistics;
  const rowOf = (values: readonly number[]) => tensor([...values]).to(device);
  return (rows) => scope(() => rows.sub(rowOf(mean)).div_(rowOf(std)));
}

/** Features as a tensor (n, size) on the device; belongs in a scope. */
export function rowsOf({ features, size }: Pick<LabeledFeatures, "features" | "size">, device: string): Tensor {
  return tensor(features, { shape: [features.length / size, size] }).to(device);
}
