// The most suspect samples of a run as pictures for TensorBoard.
import type { Samples } from "../data/index.js";
import type { Findings } from "../issues/index.js";
import { image, openEventFile, type Value } from "../training/index.js";
import { holdImages, pngOf } from "./html/thumbnail.js";

const mostPictures = 20;

/** Adds the first suspects to the event files of a run, each tagged with its rank, given and suggested label; none for data without images. */
export async function writeSuspects(run: string, epoch: number, samples: Samples, { issues }: Findings): Promise<void> {
  if (!holdImages(samples)) return;
  const values: Value[] = [];
  for (const [i, { index, given, suggested }] of issues.slice(0, mostPictures).entries()) {
    const { png, height, width } = await pngOf(samples, index);
    const rank = String(i + 1).padStart(2, "0");
    values.push(image(`suspects/${rank} given ${given}, suggested ${suggested}`, png, height, width));
  }
  openEventFile(run).add(epoch, values);
}
