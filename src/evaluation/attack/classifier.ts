// A run's network as attacks see it: logits of the classes, of images with pixels from 0 to 1.
import type { Classifier } from "../../attacks/types.js";
import { type ChannelStatistics, requireRange, UNIT_RANGE } from "../../data/index.js";
import type { RunModel } from "../../runs/model/open-model.js";
import { keep, tensor } from "../../torch/index.js";

export interface RunClassifier {
  readonly classifier: Classifier;
  release(): void;
}

/**
 * Logits (n, classes) of images: normalized as in training, through the network in evaluation mode, without outputs other than
 * the classes. The network's parameters are frozen.
 */
export function runClassifier(
  { model, classes, compute, device }: RunModel,
  { mean, std, pixelRange = UNIT_RANGE }: ChannelStatistics,
): RunClassifier {
  model.eval();
  for (const parameter of model.parameters()) parameter.requiresGrad = false;
  const perChannel = (values: readonly number[]) =>
    keep(tensor([...values], { shape: [1, values.length, 1, 1], device }));
  // Of pixels from 0 to 1, in place of those that the run was trained on.
  const [low, high] = requireRange(pixelRange);
  const [means, deviations] = [
    perChannel(mean.map((value) => (value - low) / (high - low))),
    perChannel(std.map((value) => value / (high - low))),
  ];
  return {
    classifier(images) {
      const normalized = images.sub(means).div(deviations).to(images.dtype);
      const outputs = compute(() => model.forward(normalized.contiguous({ memoryFormat: "channels_last" })));
      return outputs.to(images.dtype).narrow(1, 0, classes);
    },
    release: () => [means, deviations].forEach((held) => void held.release()),
  };
}
