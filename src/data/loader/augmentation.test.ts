import { expect, it } from "vitest";
import { shapesDataSet } from "../synthetic/shapes.js";
import type { ViewRecipe } from "../views/recipe.js";
import type { AugmentationOptions } from "./augmentation.js";
import { createLoader } from "./loader.js";

const images = shapesDataSet({ train: 10, test: 0, size: 16, seed: 0 }).train;
const view = {
  crop: { scale: [0.5, 1], ratio: [1, 1] },
  flip: 0,
  jitter: { probability: 0, brightness: 0, contrast: 0, saturation: 0, hue: 0 },
  grayscale: 0,
  blur: { probability: 0, sigma: [1, 1] },
  solarize: 0,
} as const;

it.each<[Partial<AugmentationOptions>, string]>([
  [{ augment: "cropflip" }, '`augment`: received "cropflip"; expected none, crop, crop-flip,'],
  [{ augment: { size: 0, views: [view] } }, "`augment`: size: "],
  [{ augment: { size: 8, views: [] } }, "`augment`: views: "],
  [
    { augment: { size: 8, views: [{ ...view, crop: { scale: [0.5, 1], ratio: [0, 0] } }] } as ViewRecipe },
    "crop.ratio",
  ],
  [{ rotation: Number.NaN }, "`rotation`: received NaN"],
  [{ cropPadding: -1 }, "`cropPadding`: received -1"],
  [{ randomErasing: 5 }, "`randomErasing`: received 5"],
  [{ seed: undefined as unknown as number }, "`seed`: received undefined; expected a whole number of at least 0"],
])("an augmentation of %j is refused", (options, message) => {
  const loader = createLoader({ samples: images });
  expect(() => loader.augmented({ augment: "crop-flip", seed: 0, ...options })).toThrow(message);
  loader.release();
});

it("augmenting arrays is refused, and so are batches of no size", async () => {
  const arrays = createLoader({ samples: { values: new Float32Array(8), shape: [4], labels: new Int32Array(2) } });
  expect(() => arrays.augmented({ augment: "crop-flip", seed: 0 })).toThrow(
    "`augment` is for images; these samples are arrays of 4: use none",
  );
  for (const batchSize of [0, -3, 2.5, undefined as unknown as number]) {
    const first = arrays.batches({ batchSize })[Symbol.asyncIterator]().next();
    await expect(first, String(batchSize)).rejects.toThrow("expected a whole number of at least 1");
  }
  arrays.release();
});
