import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { randomFrom } from "../../data/index.js";
import { type DataPart, issueEvidence } from "../part.js";
import type { KindFindings } from "./define-kind.js";
import { image } from "./image.js";

const random = randomFrom(8, "image quality test");
const folder = temporaryFolder();

/** A scene of soft and sharp shapes in many colors, (height, width, 3). */
function scene(height: number, width: number): Uint8Array {
  const waves = Array.from({ length: 9 }, () => ({
    y: random.uniform() * 0.6,
    x: random.uniform() * 0.6,
    at: 6 * random.uniform(),
    strength: 20 + 25 * random.uniform(),
  }));
  return Uint8Array.from({ length: 3 * height * width }, (_, i) => {
    const [channel, pixel] = [i % 3, Math.floor(i / 3)];
    const [y, x] = [Math.floor(pixel / width), pixel % width];
    const sum = waves
      .slice(3 * channel, 3 * channel + 3)
      .reduce((value, { y: fy, x: fx, at, strength }) => value + strength * Math.sin(fy * y + fx * x + at), 128);
    return Math.max(0, Math.min(255, sum + 8 * random.normal()));
  });
}

const picture = (height = 60, width = 80) => sharp(scene(height, width), { raw: { height, width, channels: 3 } });

/** What is wrong with each of the first files. */
const planted = {
  "dark.png": () => picture().linear(0.1, 0),
  "light.png": () => picture().linear(0.02, 249),
  "blurry.png": () => picture().blur(6),
  "tall.png": () => picture(120, 30),
  "huge.png": () => picture(480, 640),
  "gray.png": () => picture().grayscale().toColourspace("srgb"),
  "flat.png": () => sharp({ create: { width: 80, height: 60, channels: 3, background: "#7a4b20" } }),
  "padded.png": () => picture(40, 80).extend({ top: 10, bottom: 10, background: "black" }),
};
const ordinary = 80;
let part: DataPart;
let found: KindFindings;

beforeAll(async () => {
  const pictures = [
    ...Object.entries(planted),
    ...Array.from({ length: ordinary }, (_, i) => [`${i}.png`, () => picture()] as const),
  ];
  const files = await Promise.all(pictures.map(async ([name, make]) => [name, await make().png().toBuffer()] as const));
  const home = folder("pictures", { ...Object.fromEntries(files), "broken.png": "not a picture" });
  const names = [...pictures.map(([name]) => name), "broken.png"];
  part = {
    name: "train",
    indices: Int32Array.from(names.keys()),
    labels: new Int32Array(names.length),
    samples: {
      kind: "streamed",
      folder: home,
      files: names,
      strict: false,
      shape: [3, 32, 32],
      labels: new Int32Array(names.length),
    },
    files: names,
    features: null,
    probabilities: null,
    unreadable: new Int32Array(),
  };
  found = await image.find(issueEvidence(["a"], part));
});

const flagged = (name: string) => {
  const { flags } = found.columns.find((column) => column.name === name)!;
  return part.files!.filter((_, i) => flags[i] === 1);
};

describe("image quality", () => {
  it("flags what was planted in each check, from the original files", () => {
    expect(flagged("dark")).toEqual(["dark.png"]);
    expect(flagged("light")).toEqual(["light.png"]);
    expect(flagged("blurry")).toEqual(expect.arrayContaining(["blurry.png", "flat.png"]));
    expect(flagged("odd_aspect_ratio")).toEqual(["tall.png"]);
    expect(flagged("odd_size")).toEqual(["huge.png"]);
    expect(flagged("grayscale")).toEqual(["gray.png"]);
    expect(flagged("low_information")).toEqual(expect.arrayContaining(["flat.png"]));
    expect(flagged("padded")).toEqual(["light.png", "flat.png", "padded.png"]);
  });

  it("flags at most one in a hundred of the others, scores from 0 to 1, and leaves broken files unchecked", () => {
    const wrong = found.columns.flatMap(({ flags }) => Array.from(flags.subarray(Object.keys(planted).length)));
    expect(wrong.filter((flag) => flag === 1).length).toBeLessThanOrEqual(0.01 * ordinary * found.columns.length);
    for (const { scores } of found.columns) {
      expect(scores.at(-1)).toBeNaN();
      for (const score of scores.subarray(0, -1)) {
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
      }
    }
  });

  it("measures pixels in memory where there are no files, and flags nothing that the whole set has in common", async () => {
    const count = 20;
    const values = Float32Array.from({ length: count * 64 }, () => 0.2 * random.uniform());
    const labels = new Int32Array(count);
    const dark: DataPart = {
      ...part,
      files: undefined,
      indices: Int32Array.from(labels.keys()),
      labels,
      samples: { values, shape: [1, 8, 8], labels },
    };
    const { columns, summary } = await image.find(issueEvidence(["a"], dark));
    expect(columns[0]!.scores.every((score) => score > 0.5)).toBe(true);
    expect(columns.every(({ flags }) => !flags.includes(1))).toBe(true);
    expect(summary).toBe("nothing unusual; not counted, as common in this set: dark, grayscale");
  });

  it("flags one or two images of a small set", async () => {
    const values = Float32Array.from({ length: 8 * 3 * 64 }, (_, at) => (at < 3 * 64 ? 0 : random.uniform()));
    const labels = new Int32Array(8);
    const samples = { values, shape: [3, 8, 8], labels };
    const data: DataPart = { ...part, files: undefined, indices: Int32Array.from(labels.keys()), labels, samples };
    const { columns } = await image.find(issueEvidence(["a"], data));
    const dark = columns.find(({ name }) => name.includes("dark"))!;
    expect(Array.from(dark.flags)).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
  });
});
