import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { noisy, refusal, smallEmbeddings, smallImages } from "../../../test/support/noise-data.js";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { channelStatistics } from "../statistics.js";
import { writeNpy } from "../tables/npy.js";

const folder = temporaryFolder()("images");
const written = (name: string, content: Uint8Array) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const images = smallImages(40, 10);

/** The pixels of image i: 16 triples of channel values. */
function pixelsOf(values: ArrayLike<number>, i: number): string[] {
  const value = (channel: number, pixel: number) => values[i * 48 + channel * 16 + pixel];
  return Array.from({ length: 16 }, (_, pixel) => [0, 1, 2].map((channel) => value(channel, pixel)).join());
}

/** For each pixel of image i after the noise, where it was before. */
function orderOf(values: ArrayLike<number>, i: number): number[] {
  const before = pixelsOf(images.values, i);
  return pixelsOf(values, i).map((pixel) => before.indexOf(pixel));
}

describe.each(["gaussian", "random-pixels", "shuffled-pixels"])("%s", (kind) => {
  it("replaces exactly floor(rate n) images, named in ascending order, and leaves labels and other images", async () => {
    const { samples, changed, corruptedImages } = await noisy(`${kind}:0.33`, images);
    const differing = [...images.labels.keys()].filter((i) => {
      return samples.values.slice(i * 48, (i + 1) * 48).join() !== images.values.slice(i * 48, (i + 1) * 48).join();
    });
    expect([...corruptedImages]).toEqual(differing);
    expect(corruptedImages).toHaveLength(13);
    expect(samples.labels).toEqual(images.labels);
    expect(changed).toHaveLength(0);
  });

  it("draws an image's noise by its number, whichever others are listed", async () => {
    const all = await noisy(`${kind}:1`, images, 4);
    const some = await noisy(`${kind}:${written("some.npy", writeNpy(Int32Array.of(31, 5)))}`, images, 4);
    expect([...some.corruptedImages]).toEqual([5, 31]);
    for (const i of [5, 31]) expect(pixelsOf(some.samples.values, i)).toEqual(pixelsOf(all.samples.values, i));
    expect(pixelsOf(some.samples.values, 6)).toEqual(pixelsOf(images.values, 6));
  });

  it("refuses samples that are no images", async () => {
    expect(await refusal(noisy(`${kind}:0.1`, smallEmbeddings(20, 10)))).toBe(
      `InputError: noise "${kind}" is for images; received samples of shape (4); expected images, or label noise`,
    );
  });
});

describe("the pixels", () => {
  const everywhere = Array.from({ length: 16 }, (_, i) => i);

  it("of random-pixels move whole, in another order for each image", async () => {
    const { values } = (await noisy("random-pixels:1", images)).samples;
    const orders = [...images.labels.keys()].map((i) => orderOf(values, i));
    for (const order of orders) expect([...order].sort((a, b) => a - b)).toEqual(everywhere);
    expect(new Set(orders.map(String)).size).toBe(40);
  });

  it("of shuffled-pixels move whole, in one order that all images share", async () => {
    const { values } = (await noisy("shuffled-pixels:1", images)).samples;
    const orders = [...images.labels.keys()].map((i) => orderOf(values, i));
    expect([...orders[0]!].sort((a, b) => a - b)).toEqual(everywhere);
    expect(orders[0]).not.toEqual(everywhere);
    expect(new Set(orders.map(String)).size).toBe(1);
  });

  it("of gaussian are normal with the channel's own mean and deviation, clipped at 0 and 255", async () => {
    const count = 2000;
    const values = Uint8Array.from({ length: count * 32 }, (_, i) =>
      Math.floor(i / 16) % 2 === 0 ? 100 + (i % 21) : 255 * (i % 2),
    );
    const drawings = { values, shape: [2, 4, 4], labels: new Int32Array(count) };
    const before = channelStatistics(drawings);
    const { samples } = await noisy("gaussian:1", drawings);
    const after = channelStatistics(samples);
    expect(after.mean[0]! * 255).toBeCloseTo(before.mean[0]! * 255, 0);
    expect(Math.abs(after.std[0]! / before.std[0]! - 1)).toBeLessThan(0.02);
    const second = samples.values.filter((_, i) => Math.floor(i / 16) % 2 === 1);
    const clipped = (end: number) => second.filter((value) => value === end).length / second.length;
    // A deviation of half the range: 16% of a normal distribution lie beyond either end.
    for (const end of [0, 255]) expect(Math.abs(clipped(end) - 0.16)).toBeLessThan(0.01);
  });
});

it("leaves a constant channel constant under gaussian noise", async () => {
  const flat = { values: new Uint8Array(160).fill(100), shape: [1, 4, 4], labels: new Int32Array(10) };
  expect((await noisy("gaussian:1", flat)).samples.values).toEqual(flat.values);
});

describe("a file of image numbers", () => {
  it.each([
    ["far.npy", writeNpy(Int32Array.of(3, 40)), "row 1: image 40 is out of range; expected 0 to 39"],
    ["below.npy", writeNpy(Int32Array.of(-1)), "row 0: image -1 is out of range"],
    ["twice.npy", writeNpy(Int32Array.of(7, 3, 7)), "image 7 is listed twice; expected each once"],
    ["floats.npy", writeNpy(Float32Array.of(1)), "floats of shape (1); expected a list of image numbers"],
    ["pairs.npy", writeNpy(Int32Array.of(1, 2), [1, 2]), "integers of shape (1, 2); expected a list of image numbers"],
  ])("is refused in one line (%s)", async (name, content, message) => {
    const path = written(name, content);
    const line = await refusal(noisy(`gaussian:${path}`, images));
    expect(line).toMatch(/^InputError: /);
    expect(line).toContain(path);
    expect(line).toContain(message);
  });

  it("that is not there is named", async () => {
    expect(await refusal(noisy("gaussian:gone.npy", images))).toContain('cannot read "gone.npy"');
  });
});
