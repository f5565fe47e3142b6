// What torchvision 0.14 gives on float tensors for the same parameters: test/fixtures/views/make-views.py wrote it.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { drawsOf, type PlainView } from "../../../test/support/plain-views.js";
import { carriers } from "../../../test/support/view-carriers.js";
import { tensor } from "../../torch/index.js";

const golden: {
  readonly height: number;
  readonly width: number;
  readonly size: number;
  readonly radius: number;
  readonly pixels: readonly number[];
  readonly views: readonly PlainView[];
  readonly expected: readonly (readonly number[])[];
} = JSON.parse(readFileSync(new URL("../../../test/fixtures/views/views.json", import.meta.url), "utf8"));

it.each(carriers)("%s give what torchvision does, to float32's last bits", (_, carrier) => {
  const { height, width, size, radius, pixels, views, expected } = golden;
  const images = tensor(Uint8Array.from(pixels), { shape: [1, 3, height, width] });
  const index = new Int32Array(views.length);
  const result = carrier(images, index, drawsOf(views), size, radius);
  expect(result.shape).toEqual([views.length, 3, size, size]);
  expectAllClose(result.reshape([views.length, 3 * size * size]), expected, { rtol: 0, atol: 1e-6 });
});
