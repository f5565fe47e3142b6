import { beforeAll, describe, expect, it } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { readHeld } from "../../../test/support/held.js";
import { imagesOf } from "../../../test/support/images-of.js";
import { picture } from "../../../test/support/picture-folder.js";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { tensor } from "../../torch/index.js";
import { readDataSet } from "../formats.js";
import { createLoader } from "../loader/loader.js";
import type { HeldSamples, StreamedSamples } from "../types.js";
import { columnCount, drawViews } from "./draw.js";
import { type ViewRecipe, type ViewSteps, viewRecipe } from "./recipe.js";
import { streamedViews } from "./stream.js";
import { createViewInput } from "./view-input.js";

const folder = temporaryFolder();
const plain = { normalization: { mean: [0, 0, 0], std: [1, 1, 1] }, device: "cpu", dtype: "float32" } as const;
const index = Int32Array.of(2, 0, 1);
const size = 32;

let held: HeldSamples;
let streamed: StreamedSamples;
beforeAll(async () => {
  // As wide as high, and no file compressed with losses: what is held in memory is what is in the files.
  const files = Object.fromEntries(
    await Promise.all([0, 1, 2].map(async (i) => [`${i}.png`, await picture(i, 96, 96, "png")] as const)),
  );
  const path = folder("squares", files);
  held = (await readHeld(path, { unlabeled: true })).train;
  const { train } = await readDataSet(path, { unlabeled: true, stream: "always" });
  if (train.kind === "streamed") streamed = train;
});

const recipe = viewRecipe("byol", size);
/** Crops and flips only. */
const cropsOnly: ViewRecipe = {
  size,
  views: recipe.views.map((view) => ({
    ...view,
    jitter: { ...view.jitter, probability: 0 },
    grayscale: 0,
    blur: { ...view.blur, probability: 0 },
    solarize: 0,
  })),
};

async function streamedView(view: number, of = index, epoch = 1, drawn = recipe): Promise<Float32Array> {
  using loader = createLoader({ samples: streamed });
  const both = await imagesOf(loader.augmented({ augment: drawn, seed: 5, views: 2 }), of, epoch);
  return both
    .narrow(0, view * of.length, of.length)
    .contiguous()
    .data() as Float32Array;
}

describe("views of streamed images", () => {
  it.each([0, 1])(
    "are cropped as those of images in memory, but to whole pixels of the view, view %i",
    async (view) => {
      const images = tensor(held.values, { shape: [3, 3, 96, 96] });
      const { make } = createViewInput({ ...plain, recipe: cropsOnly });
      const located = { values: images, rows: index };
      const expected = make(located, index, { seed: 5, epoch: 1, view }).data() as Float32Array;
      // Half a pixel of the view is at most 1.5 of the file's either way, and a pixel there differs by at most 100 6 / 96 of 255
      // from the next; as much again as two levels for the two filters.
      const atol = 2 * 1.5 * ((100 * 6) / 96 / 255) + 2 / 255;
      expectAllClose(await streamedView(view, index, 1, cropsOnly), expected, { rtol: 0, atol });
    },
  );

  it.each([0, 1])("are colored by the draws of images in memory, view %i", async (view) => {
    const store = streamedViews({ samples: streamed, device: "cpu", recipe, seed: 5, views: 2 });
    using loaded = await store.load(index, 4);
    const drawn = drawViews(recipe.views[view] as ViewSteps, { seed: 5, epoch: 4, view }, index, [96, 96]);
    for (let i = 0; i < index.length; i++) drawn.set([0, 0, size, size], i * columnCount);
    expect(loaded.locate(index, view).draws).toEqual(drawn);
  });

  it("are drawn again for another epoch and view, and the same whatever else is in the batch", async () => {
    const first = await streamedView(0);
    expect(await streamedView(0)).toEqual(first);
    expect(await streamedView(1)).not.toEqual(first);
    expect(await streamedView(0, index, 2)).not.toEqual(first);
    const alone = await streamedView(0, Int32Array.of(1));
    expect(alone).toEqual(first.subarray(2 * 3 * size ** 2));
  });
});
