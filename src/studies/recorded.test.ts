import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { crossEntropyRun } from "../../test/support/runs.js";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import type { FoundStudy } from "./read-study.js";
import { readRecorded, recordResults } from "./recorded.js";
import { parseStudy } from "./schema.js";

const folder = temporaryFolder();
const part = {
  name: "drawn",
  title: "Drawings",
  conditions: [{ name: "clean" }],
  methods: [
    { name: "ce", set: { objective: "ce" } },
    { name: "sat", set: { objective: "sat" } },
  ],
};
const profile = { draw: "matrix", seeds: [0, 1], matrix: { baseline: "ce", parts: [part] } };
const study: FoundStudy = {
  name: "mine",
  folder: "",
  study: parseStudy({ title: "Mine", shows: "A thing.", profiles: { cpu: profile } }, "mine"),
};

/** A folder of `reproduce` with one finished run. */
function finished(name: string, row: string, seed: number, testAccuracy: number): string {
  const out = folder(name);
  const run = join(out, "drawn", "clean", row, `seed-${seed}`);
  mkdirSync(run, { recursive: true });
  writeFileSync(join(run, "summary.json"), JSON.stringify({ ...crossEntropyRun.summary, seed, testAccuracy }));
  writeFileSync(
    join(run, "metrics.jsonl"),
    crossEntropyRun.metrics.map((line) => `${JSON.stringify(line)}\n`).join(""),
  );
  return out;
}

describe("recorded results", () => {
  it("are one small file a row, to which runs of other seeds are added and of the same replaced", () => {
    const kept = folder("kept");
    const record = (out: string) => recordResults(study, { profile: "cpu", out, folder: kept, settings: {} });
    const [file, one] = [join(kept, "drawn", "clean", "sat.json"), { recorded: 1, dropped: 0 }];
    expect(record(finished("a", "sat", 0, 0.5))).toEqual(one);
    // The order of the recipe's keys is of no account.
    const { recipe, ...rest } = JSON.parse(readFileSync(file, "utf8"));
    const turned = Object.fromEntries(Object.entries(recipe).reverse());
    writeFileSync(file, JSON.stringify({ recipe: turned, ...rest }));
    expect(record(finished("b", "sat", 1, 0.6))).toEqual(one);
    expect(record(finished("c", "sat", 0, 0.7))).toEqual(one);
    const row = JSON.parse(readFileSync(file, "utf8"));
    expect(row).toMatchObject({ recipe: { objective: "sat" }, runs: [{ seed: 0, metrics: [] }, { seed: 1 }] });
    expect(row.recipe).not.toHaveProperty("data");

    const results = readRecorded(study, "cpu", kept);
    expect(results).toMatchObject({ title: "Mine", planned: 4, settings: [], matrix: { baseline: "ce" } });
    expect(results.rows.map(({ runs }) => runs.map(({ summary }) => summary.testAccuracy))).toEqual([[], [0.7, 0.6]]);
  });

  it("name what was set on top of the study, and forget runs of another recipe", () => {
    const kept = folder("changed");
    recordResults(study, { profile: "cpu", out: finished("d", "ce", 0, 0.5), folder: kept, settings: {} });
    const other = { profile: "cpu", out: finished("e", "ce", 1, 0.6), folder: kept, settings: { epochs: 2 } };
    expect(recordResults(study, other)).toEqual({ recorded: 1, dropped: 1 });
    const results = readRecorded(study, "cpu", kept);
    expect(results.settings).toEqual(["epochs=2"]);
    expect(results.rows[0]?.runs.map(({ seed }) => seed)).toEqual([1]);
  });

  it("are those of the study's recipe", () => {
    const out = finished("f", "ce", 0, 0.5);
    const run = join(out, "drawn", "clean", "ce", "seed-0");
    writeFileSync(join(run, "recipe.yaml"), "");
    writeFileSync(`${run}.yaml`, "data: here\nobjective: ce\nepochs: 2\nseed: 0\n");
    const record = (settings: object) =>
      recordResults(study, { profile: "cpu", out, folder: folder("refused"), settings: { ...settings } });
    expect(() => record({})).toThrow(`${run} holds a run with epochs 2; received epochs none`);
    expect(record({ epochs: 2 })).toEqual({ recorded: 1, dropped: 0 });
  });
});
