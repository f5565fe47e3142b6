// The batches of a run with a frozen backbone: features in place of samples.
import { join } from "node:path";
import { imageVersion, type Samples } from "../../data/index.js";
import type { Network } from "../../models/index.js";
import type { Compute } from "../../runs/model/compute.js";
import type { Prepared } from "../../runs/prepare.js";
import { libtorchVersion, toStored } from "../../torch/index.js";
import { featureKey, featureLoader, hashOf } from "./feature-loader.js";
import type { Placement, TrainingData } from "./training-data.js";

interface Encoder {
  readonly network: Network;
  readonly compute: Compute["compute"];
  readonly placement: Placement;
  readonly machine: Pick<Compute, "device" | "kernels">;
}

export function onFeatures(prepared: Prepared, data: TrainingData, encoder: Encoder): TrainingData {
  const { train, test, normalization, recipe, fingerprint, labelsFingerprint } = prepared;
  const { network, compute, placement, machine } = encoder;
  const { limitTrain, testFraction, noise, seed, precision, imageSize, strict } = recipe;
  const facts = {
    data: [
      fingerprint,
      labelsFingerprint,
      limitTrain,
      testFraction,
      noise,
      seed,
      imageSize,
      strict,
      network.fingerprint,
      streamedFiles(train),
      ...(test === null ? [] : [streamedFiles(test)]),
    ],
    normalization,
    compute: [precision, machine.device, machine.kernels, libtorchVersion()],
  };
  const body = new Map([...network.stateDict()].filter(([name]) => !name.startsWith(`${network.head}.`)));
  const weights = toStored(body);
  const loaderOf = (part: string, samples: typeof train, source: TrainingData["loader"]) =>
    featureLoader({
      samples,
      source,
      placement,
      backbone: { model: network, compute },
      key: featureKey(part, facts, weights),
    });
  const loader = loaderOf("train", train, data.loader);
  const testLoader = test === null || data.testLoader === null ? null : loaderOf("test", test, data.testLoader);
  return { loader, testLoader, trainingSource: loader };
}

/** Sizes and times of the files of streamed images, whose contents the fingerprint of their data set leaves out; "" for others. */
function streamedFiles(samples: Samples): string {
  if (samples.kind !== "streamed") return "";
  return hashOf(...samples.files.map((file) => `${imageVersion(join(samples.folder, file))}\n`));
}
