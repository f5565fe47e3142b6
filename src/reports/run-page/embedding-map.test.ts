import { expect, test } from "vitest";
import { randomFrom } from "../../data/index.js";
import type { EmbeddingSample } from "../../evaluation/embedding-sample.js";
import { embeddingMap } from "./embedding-map.js";

const size = 8;
const random = randomFrom(1, "embedding map test");

/** Two heaps of directions, far from one another. */
function heaps(count: number): EmbeddingSample {
  const labels = Int32Array.from({ length: count }, (_, i) => i % 2);
  const features = Float32Array.from({ length: count * size }, (_, at) => {
    const [row, column] = [Math.floor(at / size), at % size];
    return (column === labels[row] ? 5 : 0) + 0.3 * random.normal();
  });
  const values = Uint8Array.from({ length: count * 3 * 64 }, (_, i) => i % 251);
  const samples = { values, shape: [3, 8, 8], labels };
  const indices = Int32Array.from(labels.keys());
  return { features, size, labels, classes: ["cat", "dog & cow"], indices, samples, part: "test set" };
}

const circlesOf = (page: string) =>
  [...page.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"[^>]*><title>([^<]*)/g)].map(([, x, y, name]) => ({
    x: Number(x),
    y: Number(y),
    name: name as string,
  }));

test("samples that are alike lie together, in the class's color, with pictures among them", async () => {
  const page = (await embeddingMap(heaps(60)))!.markup;
  const dots = circlesOf(page);
  expect(dots).toHaveLength(60);
  const nearestIsAlike = dots.filter((dot) => {
    const others = dots.filter((other) => other !== dot);
    const distance = (other: typeof dot) => Math.hypot(other.x - dot.x, other.y - dot.y);
    return others.reduce((a, b) => (distance(a) < distance(b) ? a : b)).name === dot.name;
  });
  expect(nearestIsAlike.length).toBeGreaterThanOrEqual(58);
  expect(page.match(/<image href="data:image\/webp;base64,/g)!.length).toBeGreaterThan(5);
  expect(page).toContain("dog &amp; cow");
  expect(page).toContain("60 samples of the test set");
});

test("the same features give the same map, and too few samples none", async () => {
  const some = heaps(20);
  expect(await embeddingMap(some)).toEqual(await embeddingMap(some));
  expect(await embeddingMap(heaps(4))).toBeNull();
});

test("arrays are dots alone, and more classes than colors are drawn in one", async () => {
  const { samples, ...rest } = heaps(20);
  const classes = Array.from({ length: 30 }, (_, i) => `class ${i}`);
  const values = Float32Array.from({ length: 20 * 4 });
  const page = (await embeddingMap({ ...rest, classes, samples: { values, shape: [4], labels: samples.labels } }))!
    .markup;
  expect(page).not.toContain("<image");
  expect(new Set([...page.matchAll(/r="4" fill="([^"]+)"/g)].map(([, fill]) => fill))).toEqual(
    new Set(["var(--blue)"]),
  );
});
