// A disk that fills up while a run is going on: a file system of a megabyte, where one may be mounted.
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { appendAtomic, writeFileAtomic, writeFolderAtomic } from "../src/atomic-files.js";
import { InputError } from "../src/errors.js";
import { appendReview, readReview, reviewFile } from "../src/review/index.js";
import { readNewestCheckpoint } from "../src/runs/checkpoint.js";
import { type RecipeInput, readMetrics } from "../src/runs/index.js";
import { type TrainingEvent, train } from "../src/training/index.js";
import { temporaryFolder } from "./support/temporary-folder.js";
import { tinyShapes as dataSet, outcomeOf, tinyRecipe } from "./support/tiny-run.js";

const folder = temporaryFolder();
const disk = folder("disk");
const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", disk]).status === 0;
if (mounted) afterAll(() => void spawnSync("umount", [disk]));

const filler = join(disk, "filler");
const full =
  /^cannot write .*: the disk is full; free some space, then try again; a stopped run resumes with `resume`$/;

/** Leaves room for so many bytes. */
function fill(room: number): void {
  const chunk = new Uint8Array(4096);
  const chunks: Uint8Array[] = [];
  try {
    for (;;) {
      chunks.push(chunk);
      writeFileSync(filler, Buffer.concat(chunks));
    }
  } catch {
    writeFileSync(filler, Buffer.concat(chunks.slice(0, -1 - room / chunk.length)));
  }
}

describe.skipIf(!mounted)("on a full disk (needs the right to mount one)", () => {
  const recipe: Partial<RecipeInput> = { ...tinyRecipe, model: "mlp", width: 1, augment: "none" };

  it("a file, a line or a folder is refused, and what was there stays whole", () => {
    const [file, log, place] = ["file", "log", "place"].map((name) => join(disk, name)) as [string, string, string];
    writeFileAtomic(file, "before");
    appendAtomic(log, "one\n");
    writeFolderAtomic(place, new Map([["part", new Uint8Array(10)]]));
    fill(8192);
    const large = new Uint8Array(20000);
    expect(() => writeFileAtomic(file, large)).toThrow(InputError);
    expect(() => writeFileAtomic(file, large)).toThrow(full);
    expect(() => appendAtomic(log, "x".repeat(20000))).toThrow(full);
    expect(() => writeFolderAtomic(place, new Map([["part", large]]), `${place}.before`)).toThrow(full);
    expect(readFileSync(file, "utf8")).toBe("before");
    expect(readFileSync(log, "utf8")).toBe("one\n");
    expect(readFileSync(join(place, "part"))).toHaveLength(10);
    expect(readdirSync(disk).sort()).toEqual(["file", "filler", "log", "place"]);
    for (const path of [file, log, place, filler]) rmSync(path, { recursive: true });
  });

  it("a verdict is refused, and those before and after it are kept", () => {
    const verdict = { kind: "verdict", verdict: "right" } as const;
    const first = appendReview(disk, { ...verdict, samples: [1] });
    fill(4096);
    const many = Array.from({ length: 20_000 }, (_, i) => i);
    expect(() => appendReview(disk, { ...verdict, samples: many })).toThrow(full);
    rmSync(filler);
    const last = appendReview(disk, { ...verdict, samples: [2] });
    expect(readReview(disk).actions).toEqual([first, last]);
    rmSync(reviewFile(disk));
  });

  it("a run stops with its last checkpoint whole, and ends as it would have once there is room again", async () => {
    const whole = folder("whole");
    await train(recipe, { out: whole, dataSet });
    const out = join(disk, "run");
    const listeners = [(event: TrainingEvent) => event.type === "epoch" && event.metrics.epoch === 1 && fill(16384)];
    const run = train(recipe, { out, dataSet, listeners });
    await expect(run).rejects.toThrow(InputError);
    await expect(run).rejects.toThrow(full);
    expect(readdirSync(join(out, "checkpoint"))).toEqual(["last"]);
    expect(readNewestCheckpoint(out)).toMatchObject({ damage: null, progress: { epoch: 1, step: 0 } });
    expect(readMetrics(out)).toHaveLength(2);
    rmSync(filler);
    await train({}, { out, resume: true, dataSet });
    expect(outcomeOf(out)).toEqual(outcomeOf(whole));
    rmSync(out, { recursive: true });
  });

  it("a run that cannot even begin leaves nothing", async () => {
    fill(0);
    const out = join(disk, "new", "run");
    await expect(train(recipe, { out, dataSet })).rejects.toThrow(full);
    expect(readdirSync(disk)).toEqual(["filler"]);
  });
});
