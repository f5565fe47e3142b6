// Files of a run's data that are missing later: they are named, and a run goes on without them where that is asked for.
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { evaluateRun, inspectRun } from "../src/evaluation/index.js";
import { findIssues } from "../src/issues/index.js";
import { type RecipeInput, readRunRecipe } from "../src/runs/index.js";
import { prepareSameData } from "../src/runs/prepare-same-data.js";
import { type TrainingEvent, train } from "../src/training/index.js";
import { selfadapt } from "./support/command.js";
import { picture } from "./support/picture-folder.js";
import { temporaryFolder } from "./support/temporary-folder.js";

const folder = temporaryFolder();
const classes = ["ant", "bee"];
const each = 8;
let files: Record<string, Uint8Array>;
beforeAll(async () => {
  files = {};
  for (const [label, name] of classes.entries()) {
    for (let i = 0; i < each; i++) files[`${name}/${i}.png`] = await picture(10 * label + i, 8, 8, "png");
  }
});

/** Trains a perceptron on the pictures for an epoch of four; the run and its data, each by its folder. */
async function stoppedRun(name: string, input: Partial<RecipeInput> = {}) {
  const data = folder(`${name} data`, files);
  const out = join(folder(name), "run");
  const controller = new AbortController();
  const listeners = [({ type }: TrainingEvent) => void (type === "epoch" && controller.abort())];
  const recipe: Partial<RecipeInput> = {
    data,
    model: "mlp",
    width: 1,
    augment: "none",
    batchSize: 4,
    epochs: 2,
    noise: "symmetric:0.5",
    ...input,
  };
  await train(recipe, { out, listeners, signal: controller.signal });
  return { data, out };
}

async function resumed(out: string, skipMissing = false) {
  const notes: string[] = [];
  const listeners = [(event: TrainingEvent) => void (event.type === "note" && notes.push(event.text))];
  const { prepared } = await train({}, { out, resume: true, skipMissing, listeners });
  return { prepared, notes };
}

describe.each(["never", "always"] as const)("data in files, streamed: %s,", (stream) => {
  it("that lacks a file is refused on resume and by issues, which name it and the way to go on", async () => {
    const { data, out } = await stoppedRun(`refused ${stream}`, { stream });
    rmSync(join(data, "bee/3.png"));
    cpSync(join(data, "bee/4.png"), join(data, "ant/new.png"));
    const change =
      "missing files (1): bee/3.png; new files (1): ant/new.png; `skipMissing` goes on without the missing files";
    await expect(resumed(out)).rejects.toThrow(change);
    await expect(inspectRun(out)).rejects.toThrow(change);
  });

  it("that lacks files is gone on with without them, all others with their labels and targets", async () => {
    const { data, out } = await stoppedRun(`skipped ${stream}`, { stream });
    const whole = await inspectRun(out);
    for (const file of ["ant/0.png", "bee/3.png"]) rmSync(join(data, file));
    const { prepared, notes } = await resumed(out, true);
    expect(notes).toContain("files of the run's data are missing (2): ant/0.png, bee/3.png");
    expect(prepared.train.files).toEqual(whole.train.files);
    expect(prepared.train.labels).toEqual(whole.train.labels);
    expect([...prepared.trainIndices]).toEqual([...whole.trainIndices].filter((i) => i !== 0 && i !== each + 3));
    expect((await inspectRun(out, { skipMissing: true })).train.labels).toEqual(whole.train.labels);
    const { issues } = await findIssues(await inspectRun(out, { skipMissing: true }));
    expect(issues.map(({ file }) => file)).not.toContain("bee/3.png");
  });
});

describe("data in files", () => {
  it("that lacks a file of the drawn test part is evaluated on the others of just that part", async () => {
    const { data, out } = await stoppedRun("tested", { testFraction: 0.4, noise: "none" });
    const { prepared } = await resumed(out);
    const tested = prepared.test?.files ?? [];
    expect((await evaluateRun(out)).samples).toBe(tested.length);
    const [fromTest = "", trained = ""] = [tested[0], prepared.train.files?.[0]];
    for (const file of [fromTest, trained]) rmSync(join(data, file));
    const fewer = await evaluateRun(out);
    expect(fewer.samples).toBe(tested.length - 1);
    expect(fewer.notes.join("\n")).toMatch(/files of the run's data are missing \(2\): /);
    const again = await prepareSameData(out, readRunRecipe(out), { skipMissing: true }, "test");
    expect(again.test?.files).toEqual(tested.slice(1));
  });

  it("with other contents is told from data that lacks files, and arrays are not listed", async () => {
    const { data, out } = await stoppedRun("changed");
    cpSync(join(data, "bee/4.png"), join(data, "bee/5.png"));
    await expect(resumed(out, true)).rejects.toThrow("the same files, with other contents, labels or sizes");
    const list = gunzipSync(readFileSync(join(out, "data-files.csv.gz"))).toString();
    expect(list.split("\n").slice(0, 3)).toEqual(["file,part,label", "ant/0.png,train,ant", "ant/1.png,train,ant"]);
  });

  it("of which one has changed its part is refused, and named", async () => {
    const { data } = await stoppedRun("parts");
    const table = join(folder("table"), "parts.csv");
    const write = (validation: number) => {
      const rows = Array.from({ length: 2 * each }, (_, i) => {
        const name = classes[Math.floor(i / each)];
        return `${join(data, name!, `${i % each}.png`)},${name},${i % each === validation ? "val" : "train"}`;
      });
      writeFileSync(table, `file,label,split\n${rows.join("\n")}\n`);
    };
    write(0);
    const out = join(folder("split"), "run");
    await train({ data: table, model: "mlp", width: 1, augment: "none", batchSize: 4, epochs: 1 }, { out });
    write(1);
    const moved = `the part of ${join(data, "ant/0.png")}: received train; the run in ${out} was started with validation`;
    await expect(inspectRun(out)).rejects.toThrow(moved);
  });

  it("that lacks files is gone on with by --skip-missing", async () => {
    const { data, out } = await stoppedRun("command");
    rmSync(join(data, "bee/3.png"));
    const refused = selfadapt(["train", "--resume", "--out", out]);
    expect(refused).toMatchObject({ status: 2, stdout: "" });
    expect(refused.stderr).toContain("missing files (1): bee/3.png; --skip-missing goes on without the missing files");
    const resume = selfadapt(["train", "--resume", "--out", out, "--skip-missing"]);
    expect({ status: resume.status, error: resume.stderr.includes("error") }).toEqual({ status: 0, error: false });
    expect(selfadapt(["train", data, "--skip-missing"]).stderr).toContain("--skip-missing goes with --resume");
  });
});
