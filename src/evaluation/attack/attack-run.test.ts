import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { byMethod, tinyRecipe, tinyShapes } from "../../../test/support/tiny-run.js";
import type { Attack } from "../../attacks/index.js";
import { readNpy } from "../../data/tables/npy.js";
import { binomialInterval } from "../../metrics/index.js";
import { liveTensors, tensor } from "../../torch/index.js";
import { train } from "../../training/train.js";
import { evaluateRun } from "../evaluate-run.js";
import { type AttackEvent, type AttackRunOptions, attackRun } from "./attack-run.js";
import type { AttackResult } from "./result.js";

const folder = temporaryFolder();
/** What the network has learnt, for it to have something to lose. */
const known = { ...tinyShapes, test: tinyShapes.train };
let run = "";

beforeAll(async () => {
  run = folder("run");
  await train(
    byMethod({
      ...tinyRecipe,
      noise: "none",
      objective: "ce",
      augment: "none",
      model: "mlp",
      width: 1,
      epochs: 12,
      lr: 0.05,
    } as const),
    { out: run, dataSet: tinyShapes },
  );
});

/** Every pixel one way, each sample by its position: crude, and different for every sample. */
const shift = (epsilon: number, name = "shift", turn = 0): Attack => ({
  name,
  perturb: (_, { images, index }) => {
    const sides = Float32Array.from(index, (sample) => ((sample + turn) % 2 === 0 ? epsilon : -epsilon));
    return images.add(tensor(sides, { shape: [index.length, 1, 1, 1] })).clamp({ min: 0, max: 1 });
  },
});

const epsilon = 0.3;
const both = { attack: [shift(epsilon), shift(epsilon, "back", 1)], epsilon, batchSize: 3 };
const attack = (options: AttackRunOptions) => attackRun(run, { dataSet: known, ...options });
const done = async (options: AttackRunOptions) => {
  const { result, folder: place } = await attack(options);
  return { result: result as AttackResult, place };
};
/** Figures that an interruption may not change. */
const timeless = ({ seconds, attacks, ...rest }: AttackResult) => ({
  ...rest,
  attacks: attacks.map(({ seconds: own, ...tried }) => tried),
});

describe("a run under attack", () => {
  it("counts what is right as it is, and what still is after every attack", async () => {
    const { result } = await done(both);
    const { testAccuracy } = await evaluateRun(run, { dataSet: known });
    const [first, second] = result.attacks;
    expect(result).toMatchObject({
      attack: "shift+back",
      norm: "inf",
      epsilon,
      samples: 60,
      naturalAccuracy: testAccuracy,
    });
    expect(first?.tried).toBe(60 * testAccuracy);
    expect(first?.fooled).toBeGreaterThan(0);
    expect(second?.tried).toBe((first?.tried ?? 0) - (first?.fooled ?? 0));
    expect(result.robustAccuracy).toBe(((second?.tried ?? 0) - (second?.fooled ?? 0)) / 60);
    expect(result.intervals.robustAccuracy).toEqual(binomialInterval(60 * result.robustAccuracy, 60));
  });

  it("does not depend on how samples are put into batches", async () => {
    const { batchSize, ...one } = timeless((await done(both)).result);
    const { batchSize: other, ...whole } = timeless((await done({ ...both, batchSize: 100 })).result);
    expect([batchSize, other]).toEqual([3, 100]);
    expect(whole).toEqual(one);
  });

  it("writes a row for every sample, and pictures of some that were brought down", async () => {
    const { result, place } = await done(both);
    const rows = readFileSync(join(place, "samples.csv"), "utf8").trimEnd().split("\n").slice(1);
    const broken = rows.filter((row) => /,(shift|back)$/.test(row)).length;
    expect(broken).toBe(Math.round(60 * (result.naturalAccuracy - result.robustAccuracy)));
    const { data, shape } = await readNpy(join(place, "gallery.npy"));
    expect(shape).toEqual([Math.min(12, broken), 2, 3, 16, 16]);
    const size = 3 * 16 * 16;
    result.gallery.forEach(({ index, label, prediction }, i) => {
      const clean = data.slice(2 * i * size, (2 * i + 1) * size) as Float32Array;
      const stored = known.test.values.slice(index * size, (index + 1) * size) as Uint8Array;
      expect(clean).toEqual(Float32Array.from(stored, (pixel) => Math.fround(pixel / 255)));
      expect(prediction).not.toBe(label);
    });
    expect(readdirSync(place).sort()).toEqual(["gallery.npy", "results.json", "samples.csv"]);
  });

  it("saves the images that were found where it is asked to", async () => {
    const { result, place } = await done({ ...both, saveImages: true });
    const images = await readNpy(join(place, "adversarial.npy"));
    const index = Array.from((await readNpy(join(place, "indices.npy"))).data, Number);
    const broken = Math.round(60 * (result.naturalAccuracy - result.robustAccuracy));
    expect(images.shape).toEqual([broken, 3, 16, 16]);
    expect(index).toEqual([...index].sort((a, b) => a - b));
    const size = 3 * 16 * 16;
    const moved = index.flatMap((sample, i) =>
      Array.from({ length: size }, (_, pixel) =>
        Math.abs(
          (images.data[i * size + pixel] as number) - (known.test.values[sample * size + pixel] as number) / 255,
        ),
      ),
    );
    expect(Math.max(...moved)).toBeCloseTo(epsilon, 6);
  });

  it("takes the same part of the data under every seed", async () => {
    const places = await Promise.all([1, 2].map(async (seed) => (await done({ ...both, limit: 7, seed })).place));
    const [one, other] = places.map((place) => readFileSync(join(place, "samples.csv"), "utf8"));
    expect(one?.trimEnd().split("\n")).toHaveLength(8);
    expect(other).toBe(one);
  });

  it("in a radius of 0 is as good as without", async () => {
    const { result } = await done({ ...both, epsilon: 0 });
    expect(result.robustAccuracy).toBe(result.naturalAccuracy);
  });

  it("leaves no tensor behind", async () => {
    const before = liveTensors();
    await attack(both);
    expect(liveTensors()).toBe(before);
  });
});

describe("an attack that is not what it says", () => {
  it.each([
    ["its ball", [shift(0.31)], /left its ball: an image is 0\.3\d+ away/],
    ["its ball with a number that is none", [shift(Number.NaN)], /left its ball/],
    [
      "the range of pixels",
      [{ name: "out", perturb: (_, { images }) => images.add(epsilon) } satisfies Attack],
      /range of pixels/,
    ],
  ] as [string, Attack[], RegExp][])("and leaves %s is an error", async (what, attacks, message) => {
    await expect(attack({ attack: attacks, epsilon, out: folder(`outside-${what}`) })).rejects.toThrow(message);
  });
});

it("is refused of a run that learnt without labels, which answers nothing", async () => {
  const unlabeled = folder("unlabeled");
  const recipe = readFileSync(join(run, "recipe.yaml"), "utf8");
  writeFileSync(join(unlabeled, "recipe.yaml"), recipe.replace("objective: ce", "objective: sat-ssl"));
  await expect(attackRun(unlabeled, { dataSet: known })).rejects.toThrow(/was trained without labels, by sat-ssl/);
});

describe("a stopped attack", () => {
  /** Stops after so many batches. */
  const stopAfter = (batches: number): Pick<AttackRunOptions, "signal" | "listener"> => {
    const controller = new AbortController();
    let left = batches;
    const listener = ({ type }: AttackEvent) => {
      if (type === "batch" && --left === 0) controller.abort();
    };
    return { signal: controller.signal, listener };
  };

  it.each([1, 11])("goes on exactly after %i batches", async (batches) => {
    const options = { ...both, saveImages: true };
    const whole = await done({ ...options, out: folder(`whole-${batches}`) });
    const out = folder(`stopped-${batches}`);
    expect((await attack({ ...options, out, ...stopAfter(batches) })).result).toBeNull();
    const resumed = await done({ attack: both.attack, out, resume: true });
    expect(timeless(resumed.result)).toEqual(timeless(whole.result));
    for (const name of ["adversarial.npy", "indices.npy", "gallery.npy", "samples.csv"]) {
      expect(readFileSync(join(out, name)).equals(readFileSync(join(whole.place, name)))).toBe(true);
    }
    expect(existsSync(join(out, "state"))).toBe(false);
  });

  it("is not begun again by mistake, nor gone on with otherwise than it began", async () => {
    const out = folder("kept");
    await attack({ ...both, out, ...stopAfter(1) });
    await expect(attack({ ...both, out })).rejects.toThrow("`resume`");
    await expect(attack({ attack: both.attack, out, resume: true, epsilon: 0.2 })).rejects.toThrow(
      /has epsilon 0\.3; received 0\.2/,
    );
    const others = tinyShapes;
    await expect(attack({ attack: both.attack, out, resume: true, dataSet: others })).rejects.toThrow(
      /the data's fingerprint/,
    );
  });

  it("is refused where its state is damaged", async () => {
    const out = folder("damaged");
    await attack({ ...both, out, ...stopAfter(1) });
    writeFileSync(join(out, "state", "state.json"), "{");
    await expect(attack({ attack: both.attack, out, resume: true })).rejects.toThrow(
      /state\.json was not written by attack/,
    );
  });
});
