// Runs on image files that stay in their files.
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { picture, pictures } from "../../test/support/picture-folder.js";
import { embeddings } from "../../test/support/small-data.js";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { byMethod, outcomeOf } from "../../test/support/tiny-run.js";
import { evaluateRun } from "../evaluation/evaluate-run.js";
import { inspectRun } from "../evaluation/inspect-run.js";
import { probeRun } from "../evaluation/probe/index.js";
import { findIssues } from "../issues/find-issues.js";
import type { RecipeInput } from "../runs/recipe/schema.js";
import { readRunRecipe } from "../runs/run-folder.js";
import type { TrainingEvent } from "./events.js";
import { train } from "./train.js";

const folder = temporaryFolder();
let data: string;
beforeAll(async () => {
  data = folder("data", await pictures());
});

const tiny = {
  model: "resnet18",
  width: 4,
  epochs: 2,
  batchSize: 8,
  imageSize: 16,
  startEpoch: 1,
  precision: "fp32",
  device: "cpu",
} as const satisfies Partial<RecipeInput>;

/** Notes of a run into a new folder. */
async function run(name: string, input: Partial<RecipeInput>, options: Parameters<typeof train>[1] = {}) {
  const out = join(folder(name), "run");
  const notes: string[] = [];
  const listener = (event: TrainingEvent) => void (event.type === "note" && notes.push(event.text));
  await train(byMethod({ data, ...tiny, ...input }), { out, listeners: [listener], ...options });
  return { out, notes };
}

/** Stops after so many steps of the first epoch, and goes on. */
async function interrupted(name: string, input: Partial<RecipeInput>, steps: number) {
  const stop = new AbortController();
  const listener = (event: TrainingEvent) => void (event.type === "step" && event.step + 1 === steps && stop.abort());
  const { out } = await run(name, input, { listeners: [listener], signal: stop.signal });
  await train({}, { out, resume: true });
  return out;
}

describe("a run on streamed images", () => {
  it("has the outcome of one on images in memory, with crops and flips", async () => {
    const [held, streamed] = [await run("held", {}), await run("streamed", { stream: "always" })];
    expect(readRunRecipe(held.out).recipe.stream).toBe("never");
    expect(readRunRecipe(streamed.out).recipe.stream).toBe("always");
    expect(outcomeOf(streamed.out)).toEqual(outcomeOf(held.out));
  });

  it.each([
    ["supervised", { objective: "sat" }],
    ["without labels, two views", { objective: "simsiam", dimension: 8, headWidth: 8 }],
  ] as const)("that is stopped and goes on has the outcome of one that was not: %s", async (name, input) => {
    const asked = { ...input, stream: "always" } as const;
    const whole = await run(`whole ${name}`, asked);
    expect(outcomeOf(await interrupted(`resumed ${name}`, asked, 2))).toEqual(outcomeOf(whole.out));
  });

  it("skips files that cannot be decoded and says so once, in training and in judging, or ends under strict", async () => {
    const whole = await picture(0, 64, 64);
    const cut = whole.subarray(0, whole.length / 2);
    const files = { ...(await pictures()), "train/class0/3.jpg": cut, "test/class1/13.jpg": cut };
    const broken = { data: folder("broken", files), stream: "always", objective: "ce" } as const;
    const { out, notes } = await run("skipping", broken);
    const skips = notes.filter((note) => note.includes("cannot be decoded and were skipped"));
    expect(skips.map((note) => /skipped: (\S+)/.exec(note)?.[1])).toEqual(["train/class0/3.jpg", "test/class1/13.jpg"]);
    const { metrics } = outcomeOf(out) as { metrics: { trainAccuracy: number; testAccuracy: number }[] };
    for (const { trainAccuracy, testAccuracy } of metrics) {
      expect(Math.abs(trainAccuracy * 23 - Math.round(trainAccuracy * 23))).toBeLessThan(1e-9);
      expect(Math.abs(testAccuracy * 5 - Math.round(testAccuracy * 5))).toBeLessThan(1e-9);
    }
    const judged = await evaluateRun(out, { data: broken.data, device: "cpu" });
    expect(judged.samples).toBe(5);
    expect(judged.notes.join()).toContain("skipped: test/class1/13.jpg");
    const lines: string[] = [];
    await probeRun(out, { ...broken, methods: ["knn"], device: "cpu", onProgress: (line) => lines.push(line) });
    expect(lines.join()).toContain("skipped: train/class0/3.jpg");
    await expect(run("strict", { ...broken, strict: true })).rejects.toThrow("train/class0/3.jpg cannot be decoded");
  });

  it("is evaluated without the files that cannot be decoded, which look the same to a network", async () => {
    const files = { ...(await pictures()), "train/class0/3.jpg": "not a picture", "train/class1/5.jpg": "nor this" };
    const { out } = await run("judged", { data: folder("two broken", files), stream: "always" });
    const inspection = await inspectRun(out);
    const names = (samples: Iterable<number>) => Array.from(samples, (i) => inspection.train.files?.[i]);
    const broken = ["train/class0/3.jpg", "train/class1/5.jpg"];
    expect(names(inspection.unreadable)).toEqual(broken);
    expect(inspection.notes.join()).toContain("2 images cannot be decoded and were skipped: train/class0/3.jpg");
    const { kinds, issues } = await findIssues(inspection);
    const groups = kinds.flatMap((kind) => kind.groups);
    const told = [...groups.flatMap(({ samples }) => samples), ...issues.map(({ index }) => index)];
    expect(names(told).filter((file) => broken.includes(file as string))).toEqual([]);
  });

  it("is probed on streamed images as on images in memory, but for the crops of SGD, which are cut from the files", async () => {
    const { out } = await run("probed", { objective: "simsiam", dimension: 8, headWidth: 8 });
    const options = { data, methods: ["lbfgs", "sgd", "knn"], epochs: 2, device: "cpu" } as const;
    const held = await probeRun(out, options);
    const { protocol: _, notes: __, sgd, ...streamed } = await probeRun(out, { ...options, stream: "always" });
    expect(held).toMatchObject(streamed);
    expect(sgd?.accuracy).toEqual(expect.any(Number));
    expect((await probeRun(out, { ...options, stream: "always" })).sgd).toEqual(sgd);
  });

  it("refuses noise that needs all pixels, and streaming of what is no set of files", async () => {
    const noisy = run("noisy", { stream: "always", noise: "random-pixels:0.1" });
    await expect(noisy).rejects.toThrow('noise "random-pixels" needs all images in memory; these are streamed');
    const arrays = run("arrays", { stream: "always", data: folder("embeddings", embeddings()) });
    await expect(arrays).rejects.toThrow(
      "`stream: always` is for images in files; this data (arrays) is read into memory",
    );
  });
});
