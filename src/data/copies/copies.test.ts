import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { brightened, imageSamples, mirrored, type Pixels, shifted, waves } from "../../../test/support/wave-images.js";
import { randomFrom } from "../index.js";
import type { StreamedSamples } from "../types.js";
import {
  digestsOf,
  equalPairs,
  equalPairsBetween,
  groupsOf,
  leastSimilarity,
  nearestThumbnails,
  similarPairs,
  thumbnailsOf,
} from "./index.js";
import { similarityOf } from "./similarity.js";

const folder = temporaryFolder();
const side = 32;

type Grid = readonly (readonly number[])[];

const grayOf = (image: Pixels): Grid =>
  Array.from({ length: side }, (_, y) =>
    Array.from({ length: side }, (_, x) =>
      [0, 1, 2].reduce((sum, c) => sum + image[(c * side + y) * side + x]! / 3, 0),
    ),
  );

function pearson(a: readonly number[], b: readonly number[]): number {
  const mean = (of: readonly number[]) => of.reduce((sum, value) => sum + value, 0) / of.length;
  const [ma, mb] = [mean(a), mean(b)];
  const dot = (p: readonly number[], mp: number, q: readonly number[], mq: number) =>
    p.reduce((sum, value, k) => sum + (value - mp) * (q[k]! - mq), 0);
  return dot(a, ma, b, mb) / Math.sqrt(dot(a, ma, a, ma) * dot(b, mb, b, mb));
}

/** Each pixel less the mean of those at most four away, by as many on both sides. */
const detailsOf = (grid: Grid): number[] =>
  grid.flatMap((row, y) =>
    row.map((value, x) => {
      const [down, across] = [Math.min(4, y, grid.length - 1 - y), Math.min(4, x, row.length - 1 - x)];
      const near = grid.slice(y - down, y + down + 1).flatMap((line) => line.slice(x - across, x + across + 1));
      return value - near.reduce((sum, one) => sum + one, 0) / near.length;
    }),
  );

/** The definition, with every shift and both sides tried. */
function plainSimilarity(first: Pixels, second: Pixels): number {
  let best = { correlation: -1, pair: [[], []] as [Grid, Grid] };
  for (const b of [grayOf(second), grayOf(mirrored(second))]) {
    const a = grayOf(first);
    for (let dy = -4; dy <= 4; dy++) {
      for (let dx = -4; dx <= 4; dx++) {
        const window = (grid: Grid, up: number, left: number) =>
          grid
            .slice(Math.max(0, up), side + Math.min(0, up))
            .map((row) => row.slice(Math.max(0, left), side + Math.min(0, left)));
        const pair: [Grid, Grid] = [window(a, dy, dx), window(b, -dy, -dx)];
        const correlation = pearson(pair[0].flat(), pair[1].flat());
        if (correlation > best.correlation) best = { correlation, pair };
      }
    }
  }
  if (best.correlation < 0.85) return 0;
  const [p, q] = best.pair.map(detailsOf) as [number[], number[]];
  const dot = (u: readonly number[], v: readonly number[]) => u.reduce((sum, value, k) => sum + value * v[k]!, 0);
  return Math.max(0, dot(p, q) / Math.sqrt(dot(p, p) * dot(q, q)));
}

describe("the similarity of images", () => {
  const image = waves(1);
  const copies: [string, Pixels][] = [
    ["itself", image],
    ["a brightened copy", brightened(image, 1.3, 10)],
    ["a mirrored copy", mirrored(image)],
    ["a shifted copy", shifted(image, 4, -3)],
    ["a shifted, mirrored and darkened copy", brightened(shifted(mirrored(image), -2, 4), 0.6, 5)],
  ];

  it.each(copies)("with %s is that of all shifts and sides, and of a copy", async (_, copy) => {
    const thumbnails = await thumbnailsOf(imageSamples([image, copy]));
    const similarity = similarityOf(thumbnails, 0, thumbnails, 1);
    expect(similarity).toBeCloseTo(plainSimilarity(image, copy), 4);
    expect(similarity).toBeGreaterThan(leastSimilarity);
    expect(similarityOf(thumbnails, 1, thumbnails, 0)).toBeCloseTo(similarity, 4);
  });

  it("with other images is that of no copy, nor that of images with the same light alone", async () => {
    const sky = (number: number) =>
      Uint8Array.from(waves(number), (value, k) => 6 * (Math.floor(k / side) % side) + value / 10);
    const images = [...Array.from({ length: 12 }, (_, i) => waves(i)), sky(20), sky(21)];
    const thumbnails = await thumbnailsOf(imageSamples(images));
    images.forEach((first, i) => {
      images.slice(i + 1).forEach((second, k) => {
        const similarity = similarityOf(thumbnails, i, thumbnails, i + 1 + k);
        expect(similarity).toBeLessThan(leastSimilarity);
        if (similarity > 0) expect(similarity).toBeCloseTo(plainSimilarity(first, second), 4);
      });
    });
    const [p, q] = [sky(20), sky(21)].map((one) => grayOf(one).flat());
    expect(pearson(p!, q!)).toBeGreaterThan(0.9);
  });
});

describe("near copies", () => {
  it("are those of all pairs, of which the thumbnails are candidates, but for shifted ones", async () => {
    const originals = Array.from({ length: 60 }, (_, i) => waves(i));
    const images = [...originals, mirrored(originals[3]!), brightened(originals[7]!, 1.2, 8), originals[9]!];
    const thumbnails = await thumbnailsOf(imageSamples(images));
    const pairs = await similarPairs(thumbnails, [await nearestThumbnails(thumbnails)]);
    const copies = pairs.filter(({ similarity }) => similarity >= leastSimilarity);
    const all = images.flatMap((_, i) =>
      images.flatMap((_, j) =>
        j > i && similarityOf(thumbnails, i, thumbnails, j) >= leastSimilarity ? [[i, j]] : [],
      ),
    );
    expect(all).toEqual([
      [3, 60],
      [7, 61],
      [9, 62],
    ]);
    expect(copies.map(({ first, second }) => [first, second])).toEqual(all);
  });

  it("are found between two sets, and an image of one color is like no other", async () => {
    const black = new Uint8Array(3 * side * side);
    const others = await thumbnailsOf(imageSamples([waves(5), black, waves(6)]));
    const images = await thumbnailsOf(imageSamples([black, mirrored(waves(6)), waves(8)]));
    expect([...images.blank, ...others.blank]).toEqual([0, 1]);
    const pairs = await similarPairs(images, [await nearestThumbnails(images, others)], others);
    expect(pairs.filter(({ similarity }) => similarity >= leastSimilarity)).toEqual([
      { first: 1, second: 2, similarity: expect.closeTo(1, 4) },
    ]);
  });
});

describe("thumbnails", () => {
  it("are area averages, of larger and of smaller images", async () => {
    const double = waves(2, 64);
    const { levels } = await thumbnailsOf(imageSamples([double]));
    const mean = [0, 1, 64, 65].reduce(
      (sum, at) => sum + [0, 4096, 8192].reduce((s, c) => s + double[c + at]!, 0) / 12,
      0,
    );
    expect(levels[0][0]).toBeCloseTo(mean, 3);
    expect(levels.map(({ length }) => length)).toEqual([1024, 256, 64]);
    expect(levels[2][0]).toBeCloseTo(
      [0, 1, 16, 17].reduce((sum, at) => sum + levels[1][at]! / 4, 0),
      3,
    );
    const small = await thumbnailsOf(imageSamples([waves(3, 20)]));
    const average = (of: ArrayLike<number>) => Array.from(of).reduce((sum, value) => sum + value / of.length, 0);
    expect(average(small.levels[0])).toBeCloseTo(average(waves(3, 20)), 3);
  });

  it("of streamed images are like those of images in memory; what cannot be decoded is blank", async () => {
    const raw = (image: Pixels) =>
      sharp(
        Uint8Array.from({ length: image.length }, (_, at) => image[(at % 3) * 4096 + Math.floor(at / 3)]!),
        {
          raw: { width: 64, height: 64, channels: 3 },
        },
      );
    const files: Record<string, Uint8Array | string> = { "broken.png": "no picture" };
    for (const i of [0, 1]) files[`${i}.png`] = await raw(waves(i, 64)).png().toBuffer();
    files["0.jpg"] = await raw(waves(0, 64)).jpeg({ quality: 70 }).toBuffer();
    files["copy.png"] = files["1.png"]!;
    const streamed: StreamedSamples = {
      kind: "streamed",
      folder: folder("streamed", files),
      files: ["0.png", "broken.png", "1.png", "0.jpg", "copy.png", "missing.png"],
      strict: false,
      shape: [3, 64, 64],
      labels: new Int32Array(6),
    };
    const thumbnails = await thumbnailsOf(streamed);
    expect([...thumbnails.blank]).toEqual([1, 5]);
    const held = await thumbnailsOf(imageSamples([waves(0, 64)]));
    expect(similarityOf(thumbnails, 0, held, 0)).toBeGreaterThan(0.97);
    expect(similarityOf(thumbnails, 0, thumbnails, 3)).toBeGreaterThan(leastSimilarity);
    expect(equalPairs(await digestsOf(streamed))).toEqual([{ first: 2, second: 4, similarity: 1 }]);
  });
});

describe("exact copies", () => {
  const random = randomFrom(4, "copies test");
  const set = (n: number) => ({
    values: Float32Array.from({ length: 2 * n }, () => random.integer(4)),
    shape: [2],
    labels: new Int32Array(n),
  });

  it("are the samples of equal values, within a set and between two, by comparing all", async () => {
    const [a, b] = [set(20), set(15)];
    const row = ({ values }: typeof a, i: number) => `${values[2 * i]} ${values[2 * i + 1]}`;
    const [rowsA, rowsB] = [a, b].map((of) => Array.from(of.labels, (_, i) => row(of, i))) as [string[], string[]];
    const [ofA, ofB] = [await digestsOf(a), await digestsOf(b)];
    const within = rowsA.flatMap((one, second) => {
      const first = rowsA.indexOf(one);
      return first < second ? [{ first, second, similarity: 1 }] : [];
    });
    expect(equalPairs(ofA)).toEqual(within);
    const between = rowsA.flatMap((one, first) =>
      rowsB.includes(one) ? [{ first, second: rowsB.indexOf(one), similarity: 1 }] : [],
    );
    expect(equalPairsBetween(ofA, ofB)).toEqual(between);
    expect(between.length).toBeGreaterThan(3);
  });

  it("are never samples that cannot be read", () => {
    expect(equalPairs([null, "a", null, "a"])).toEqual([{ first: 1, second: 3, similarity: 1 }]);
  });
});

describe("groups", () => {
  it("are the connected samples, by walking from each", () => {
    const random = randomFrom(6, "groups test");
    const pairs = Array.from({ length: 25 }, () => ({ first: random.integer(40), second: random.integer(40) }));
    const reached = (from: number) => {
      const seen = new Set([from]);
      for (const at of seen) {
        for (const { first, second } of pairs) {
          if (first === at) seen.add(second);
          if (second === at) seen.add(first);
        }
      }
      return [...seen].sort((a, b) => a - b);
    };
    const expected = Array.from({ length: 40 }, (_, i) => reached(i)).filter(
      (group, i) => group[0] === i && group.length > 1,
    );
    expect(groupsOf(40, pairs)).toEqual(expected);
    expect(groupsOf(3, [])).toEqual([]);
  });
});
