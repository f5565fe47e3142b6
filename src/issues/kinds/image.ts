// Image quality: dark, light, blurry, without information, of odd size or shape, gray among color, padded.
import type { ImageMeasures } from "../images/measure.js";
import { quartiles } from "../quartiles.js";
import { countFlags, type IssueColumn, type IssueKind } from "./define-kind.js";

/** What so many of the images have in common is how the set is, not what is wrong with it. */
const mostCommon = 0.1;

/** A check of every image: how far it is beyond a bound, in units where 1 is the bound; NaN where it cannot be checked. */
interface Check {
  readonly name: string;
  excess(images: readonly ImageMeasures[]): readonly number[];
}

/** 1 at `value = bound`, more below it. */
const below = (value: number, bound: number) => bound / Math.max(value, 1e-9);

const absolute = (name: string, excessOf: (image: ImageMeasures) => number): Check => ({
  name,
  excess: (images) => images.map(excessOf),
});

/** Tukey's outer fence, in quartile distances. @see Tukey, Exploratory Data Analysis (1977) */
const reach = 3;

/** Beyond Q1 - 3 (Q3 - Q1), and on the other side too where both are odd; Q3 - Q1 counts as a tenth of |Q3| at least. */
function relative(name: string, measureOf: (image: ImageMeasures) => number, sides: "low" | "both"): Check {
  return {
    name,
    excess(images) {
      const values = images.map(measureOf);
      const { q1, q3 } = quartiles(values);
      const range = Math.max(q3 - q1, 0.1 * Math.abs(q3), 1e-9);
      return values.map((value) => {
        const distance = Math.max(q1 - value, sides === "both" ? value - q3 : 0);
        return Math.max(0, distance) / (reach * range);
      });
    },
  };
}

/**
 * The bounds are CleanVision's where one value fits all images, else Tukey's outer fences, 3 (Q3 - Q1) outside the set's quartiles:
 *
 * | check | beyond |
 * |---|---|
 * | dark | 99th percentile of the brightness below 0.32 |
 * | light | 5th percentile of the brightness above 0.95 |
 * | low_information | entropy of the brightness below 3 bits |
 * | odd_aspect_ratio | short side below 0.35 of the long one |
 * | odd_size | sqrt(width height) below Q1 - 3 (Q3 - Q1) or above Q3 + 3 (Q3 - Q1) |
 * | blurry | log10 variance of the Laplacian, in the sharpest of 4 x 4 tiles below Q1 - 3 (Q3 - Q1) |
 * | grayscale | no color in any pixel |
 * | padded | a frame of one color on a quarter of the area |
 */
const checks: readonly Check[] = [
  absolute("dark", ({ p99 }) => below(p99, 0.32)),
  absolute("light", ({ p5 }) => below(1 - p5, 0.05)),
  absolute("low_information", ({ entropy }) => below(entropy, 3)),
  absolute("odd_aspect_ratio", ({ width, height }) => below(Math.min(width / height, height / width), 0.35)),
  relative("odd_size", ({ width, height }) => Math.sqrt(width * height), "both"),
  relative("blurry", ({ sharpestTile }) => sharpestTile, "low"),
  absolute("grayscale", ({ color }) => below(color, 0.004)),
  absolute("padded", ({ padding }) => padding / 0.25),
];

/** Quality of the original files, or of the pixels in memory. A check that a tenth of the images fail flags none. */
export const image: IssueKind = {
  name: "image",
  title: "image quality",
  needs: ["images"],
  advice: "look at them: what cannot be recognized is better left out",
  async find(evidence) {
    const measured = await evidence.images();
    const known = measured.filter((one) => one !== null);
    const columns = checks.map((check) => columnOf(check, measured, known));
    const found = columns.map((column) => ({ name: column.name, count: countFlags(column) }));
    const flagged = found
      .filter(({ count }) => count > 0)
      .map(({ name, count }) => `${count} ${name.replaceAll("_", " ")}`);
    const common = columns.filter((column) => isCommon(column.scores)).map(({ name }) => name.replaceAll("_", " "));
    const summary = flagged.length === 0 ? "nothing unusual" : flagged.join(", ");
    return {
      columns,
      groups: [],
      summary: common.length === 0 ? summary : `${summary}; not counted, as common in this set: ${common.join(", ")}`,
    };
  },
};

/** score = 1 - 2^(-excess): 0.5 at the bound. */
function columnOf(
  { name, excess }: Check,
  measured: readonly (ImageMeasures | null)[],
  known: readonly ImageMeasures[],
): IssueColumn {
  const values = excess(known)[Symbol.iterator]();
  const scores = Float32Array.from(measured, (one) => (one === null ? Number.NaN : 1 - 2 ** -values.next().value!));
  const common = isCommon(scores);
  return { name, scores, flags: Uint8Array.from(scores, (score) => Number(!common && score > bound)) };
}

const bound = 0.5 + 1e-6;

/** Fewer images may be unusual in a small set. */
const leastCommon = 3;

const isCommon = (scores: Float32Array) =>
  scores.filter((score) => score > bound).length > Math.max(leastCommon - 1, mostCommon * scores.length);
