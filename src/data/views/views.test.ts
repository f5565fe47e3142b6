import { describe, it } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import {
  drawsOf,
  type PlainColor,
  type PlainView,
  plainImage,
  plainView,
  randomPixels,
  viewOf,
} from "../../../test/support/plain-views.js";
import { carriers } from "../../../test/support/view-carriers.js";
import { scope, tensor } from "../../torch/index.js";
import { columnCount, drawViews } from "./draw.js";
import { viewRecipe } from "./recipe.js";

const [n, height, width, size, radius] = [6, 13, 11, 8, 2] as const;
const pixels = randomPixels(n * 3 * height * width);
const whole: PlainView = { top: 0, left: 0, height, width };

/** Float32 against float64, pixels from 0 to 1. */
const tolerance = { rtol: 0, atol: 2e-6 };

const order = Int32Array.of(4, 0, 5, 5, 2);
const everyone = (view: PlainView) => Array.from(order, () => view);

describe.each(carriers)("views by %s", (_, carrier) => {
  /** Compares views of the samples of `order` with the plain ones. */
  function check(views: readonly PlainView[], side: number = size, values = pixels) {
    scope(() => {
      const images = tensor(values, { shape: [values.length / (3 * height * width), 3, height, width] });
      const result = carrier(images, order, drawsOf(views), side, Math.min(radius, side - 1));
      const plain = views.map((view, i) =>
        plainView(plainImage(values, order[i] as number, height, width), view, side, Math.min(radius, side - 1)),
      );
      expectAllClose(result, plain, tolerance);
    });
  }

  it("resize a crop of any place and shape, larger and smaller", () => {
    check([
      { top: 0, left: 0, height: 13, width: 11 },
      { top: 3, left: 2, height: 5, width: 9 },
      { top: 12, left: 10, height: 1, width: 1 },
      { top: 0, left: 4, height: 13, width: 1 },
      { top: 5, left: 0, height: 8, width: 8 },
    ]);
  });

  it.each([1, 2, 3, 13, 29])("have the size asked for: %i", (side) => {
    check([whole, { ...whole, flipped: true }, whole, { ...whole, height: 2 }, { ...whole, width: 3 }], side);
  });

  it("keep an image of the view's own size as it is", () => {
    const square = randomPixels(3 * size * size, "square");
    const images = tensor(square, { shape: [1, 3, size, size] });
    const draws = drawsOf([{ top: 0, left: 0, height: size, width: size }]);
    const result = carrier(images, Int32Array.of(0), draws, size, radius);
    expectAllClose(
      result.data(),
      Array.from(square, (value) => value / 255),
      { rtol: 0, atol: 1e-7 },
    );
  });

  it("are flipped where drawn", () => {
    const flipped = { ...whole, flipped: true };
    check([whole, flipped, flipped, whole, { ...flipped, left: 3, width: 6 }]);
  });

  it.each<[PlainColor, number[]]>([
    ["brightness", [0, 0.6, 1, 1.4, 2]],
    ["contrast", [0, 0.6, 1, 1.4, 2]],
    ["saturation", [0, 0.6, 1, 1.4, 2]],
    ["hue", [-0.5, -0.1, 0, 0.1, 0.5]],
  ])("change %s by each sample's own amount, within 0 to 1", (color, amounts) => {
    check(amounts.map((amount) => ({ ...whole, colors: [[color, amount]] })));
  });

  it("leave grays as they are where the hue is turned, black and white among them", () => {
    const gray = Uint8Array.from({ length: 6 * 3 * height * width }, (_, i) => ((i % (height * width)) * 255) / 142);
    check(everyone({ ...whole, colors: [["hue", 0.31]] }), size, gray);
  });

  it("turn pure colors around the whole circle", () => {
    const pure = Uint8Array.from(pixels, (value) => (value > 127 ? 255 : 0));
    const turns = [-0.5, -1 / 3, 1 / 6, 1 / 3, 0.5];
    const own = { top: 0, left: 0, height: size, width: size };
    check(
      turns.map((turn) => ({ ...own, colors: [["hue", turn]] })),
      size,
      pure,
    );
  });

  it("are gray, blurred or solarized where drawn", () => {
    check([
      { ...whole, gray: true },
      whole,
      { ...whole, sigma: 0.1 },
      { ...whole, sigma: 2 },
      { ...whole, solarized: true },
    ]);
  });

  it("take all changes of color in the order drawn", () => {
    const colors = (...names: PlainColor[]) =>
      names.map((name) => [name, name === "hue" ? 0.2 : 1.7] as [PlainColor, number]);
    check([
      { ...whole, colors: colors("brightness", "contrast", "saturation", "hue") },
      { ...whole, colors: colors("hue", "saturation", "contrast", "brightness") },
      { ...whole, colors: colors("contrast", "hue", "brightness", "saturation") },
      { ...whole, colors: colors("saturation", "brightness", "hue", "contrast") },
      { ...whole, colors: colors("brightness", "contrast") },
    ]);
  });

  it.each([8, 20])("equal the plain ones in everything together, at %i pixels", (side) => {
    const [first, second] = viewRecipe("byol", 96).views;
    for (const [number, view] of [first, second, { ...first!, solarize: 0.5, grayscale: 0.5 }].entries()) {
      const draws = drawViews(view!, { seed: 3, epoch: 1, view: number }, order, [height, width]);
      const rows = Array.from(order, (_, i) => draws.subarray(i * columnCount, (i + 1) * columnCount));
      check(rows.map(viewOf), side);
    }
  });

  it("are the same for a sample in any batch", () => {
    const images = tensor(pixels, { shape: [n, 3, height, width] });
    const draws = drawViews(viewRecipe("byol", 96).views[1]!, { seed: 1, epoch: 0, view: 1 }, order, [height, width]);
    const together = carrier(images, order, draws, size, radius).data();
    order.forEach((_, i) => {
      const row = draws.subarray(i * columnCount, (i + 1) * columnCount);
      const alone = carrier(images, order.subarray(i, i + 1), row, size, radius).data();
      const count = 3 * size * size;
      expectAllClose(alone, together.subarray(i * count, (i + 1) * count) as Float32Array, { rtol: 0, atol: 1e-7 });
    });
  });
});
