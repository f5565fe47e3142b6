// Attacks on images that stay in their files.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { pictures } from "../../../test/support/picture-folder.js";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { liveTensors } from "../../torch/index.js";
import { train } from "../../training/train.js";
import { attackRun } from "./attack-run.js";
import type { AttackResult } from "./result.js";

const folder = temporaryFolder();
let files: Awaited<ReturnType<typeof pictures>>;
let data = "";
beforeAll(async () => {
  files = await pictures({ tested: 20 });
  data = folder("data", files);
});

const recipe = {
  model: "resnet18",
  width: 4,
  epochs: 2,
  batchSize: 8,
  imageSize: 16,
  objective: "ce",
  precision: "fp32",
  device: "cpu",
} as const;

async function trained(name: string, stream: "always" | "never", from = data): Promise<string> {
  const out = join(folder(name), "run");
  await train({ ...recipe, data: from, stream }, { out });
  return out;
}

const options = { attack: "fgsm", epsilon: 0.1, batchSize: 7, device: "cpu" } as const;

/** Without what differs between two folders and two runs of the same computation. */
const comparable = ({ seconds, data: _, fingerprints, attacks, ...figures }: AttackResult) => ({
  ...figures,
  attacks: attacks.map(({ seconds: own, ...tried }) => tried),
});

describe("an attack on streamed images", () => {
  it("has the result of one on images in memory", async () => {
    const [held, streamed] = [
      await attackRun(await trained("held", "never"), options),
      await attackRun(await trained("streamed", "always"), options),
    ];
    expect(streamed.result?.attacks[0]?.tried).toBeGreaterThan(7);
    expect(comparable(streamed.result!)).toEqual(comparable(held.result!));
    for (const name of ["samples.csv", "gallery.npy"]) {
      expect(readFileSync(join(streamed.folder, name)).equals(readFileSync(join(held.folder, name)))).toBe(true);
    }
  });

  it("leaves out images that cannot be decoded, with a note, and leaves no tensor behind", async () => {
    const damaged = folder("damaged", { ...files, "test/class1/15.jpg": new Uint8Array(0) });
    const run = await trained("skipping", "always", damaged);
    const notes: string[] = [];
    const listener = (event: { type: string; text?: string }) => void (event.text && notes.push(event.text));
    const before = liveTensors();
    const { result } = await attackRun(run, { ...options, listener });
    expect(liveTensors()).toBe(before);
    expect(result?.samples).toBe(39);
    expect(notes.join()).toContain("skipped: test/class1/15.jpg");
  });

  it("ends under strict at an image that cannot be decoded", async () => {
    const run = await trained("strict", "always");
    const damaged = folder("strict data", { ...files, "test/class1/15.jpg": new Uint8Array(0) });
    const recipeFile = join(run, "recipe.yaml");
    writeFileSync(recipeFile, readFileSync(recipeFile, "utf8").replace("strict: false", "strict: true"));
    await expect(attackRun(run, { ...options, data: damaged })).rejects.toThrow("test/class1/15.jpg cannot be decoded");
  });
});

it("robust accuracy is measured on streamed test images while a network is trained", async () => {
  const robust = { ...recipe, data, objective: "pgd-at", epochs: 1, attackSteps: 1 } as const;
  const accuracies = await Promise.all(
    (["never", "always"] as const).map(async (stream) => {
      const out = join(folder(`robust ${stream}`), "run");
      await train({ ...robust, stream }, { out });
      return JSON.parse(readFileSync(join(out, "metrics.jsonl"), "utf8").trim()).robustAccuracy as number;
    }),
  );
  expect(accuracies[0]).toEqual(expect.any(Number));
  expect(accuracies[1]).toBe(accuracies[0]);
});
