// What ranks that attack together tell each other after every batch.
import { distributed } from "../../torch/index.js";
import type { AdversarialExamples } from "./adversarial-examples.js";

/** Whether any rank is to stop: then all do, before the same batch. */
export async function isStopped(group: distributed.ProcessGroup, signal: AbortSignal | undefined): Promise<boolean> {
  const stops = await distributed.gatherValues(group, Int32Array.of(Number(signal?.aborted ?? false)));
  return stops.includes(1);
}

/** The adversarial examples of all ranks, on all of them. */
export async function gatherFooled(
  group: distributed.ProcessGroup,
  own: AdversarialExamples,
): Promise<AdversarialExamples> {
  if (group.world === 1) return own;
  const numbers = async (values: readonly number[]) => [
    ...(await distributed.gatherValues(group, Int32Array.from(values))),
  ];
  const positions = await numbers(own.positions);
  const images = async (values: readonly Float32Array[]) =>
    divided(await distributed.gatherValues(group, joined(values)), positions.length);
  return {
    positions,
    predictions: await numbers(own.predictions),
    clean: await images(own.clean),
    attacked: await images(own.attacked),
  };
}

function joined(images: readonly Float32Array[]): Float32Array {
  const size = images[0]?.length ?? 0;
  const all = new Float32Array(images.length * size);
  images.forEach((image, i) => void all.set(image, i * size));
  return all;
}

function divided(all: Float32Array, count: number): Float32Array[] {
  const size = all.length / Math.max(1, count);
  return Array.from({ length: count }, (_, i) => all.slice(i * size, (i + 1) * size));
}
