// The batches that ranks embed in turn, on all of them.
import { distributed } from "../torch/index.js";
import type { EmbeddedFiles } from "./embed-files.js";

type Listed = Omit<EmbeddedFiles, "rows">;

/** Of every rank a batch at a time, in the order of the files; ends when a rank has none left. */
export async function* gatherEmbedded(
  group: distributed.ProcessGroup,
  own: AsyncGenerator<EmbeddedFiles>,
): AsyncGenerator<EmbeddedFiles> {
  if (group.world === 1) return yield* own;
  for (let isOver = false; !isOver; ) {
    const { value: batch } = (await own.next()) as IteratorResult<EmbeddedFiles, undefined>;
    const { rows = new Float32Array(), ...listed } = batch ?? {};
    const texts = await distributed.gatherTexts(group, batch === undefined ? "" : JSON.stringify(listed));
    const all = texts.filter((text) => text !== "").map((text) => JSON.parse(text) as Listed);
    isOver = all.length < texts.length;
    yield {
      files: all.flatMap(({ files }) => files),
      rows: await distributed.gatherValues(group, rows),
      failed: all.flatMap(({ failed }) => failed),
    };
  }
}
