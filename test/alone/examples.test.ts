// Every program of examples/ runs as it is, in a folder of its own.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { train } from "../../src/index.js";
import { embeddings, photos } from "../support/small-data.js";
import { temporaryFolder } from "../support/temporary-folder.js";

const examples = join(import.meta.dirname, "..", "..", "examples");
const folder = temporaryFolder();
const [home, argv] = [process.cwd(), process.argv];
const tested: string[] = [];
let printed: string[] = [];

beforeEach(() => {
  printed = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void printed.push(line));
});

afterEach(() => {
  process.chdir(home);
  process.argv = argv;
  vi.restoreAllMocks();
});

/** Runs an example in the folder `at` with arguments, and gives the lines that it printed. */
async function linesOf(name: string, args: readonly string[] = [], at = folder(name)): Promise<string[]> {
  tested.push(`${name}.ts`);
  process.chdir(at);
  process.argv = [process.execPath, name, ...args];
  await import(join(examples, `${name}.ts`));
  return printed;
}

const accuracyIn = (line: string | undefined) => Number(line?.match(/[\d.]+$/)?.[0]);

describe("the example", () => {
  it("custom-loss trains by a custom loss", async () => {
    expect(await linesOf("custom-loss")).toEqual([expect.stringMatching(/^test accuracy [01]/)]);
    expect(existsSync(join(folder("custom-loss"), "runs", "brier", "summary.json"))).toBe(true);
  });

  it("custom-loop trains by a custom loop", async () => {
    const lines = await linesOf("custom-loop");
    expect(lines).toHaveLength(5);
    for (const [epoch, line] of lines.slice(0, 4).entries()) expect(line).toMatch(`epoch ${epoch}: loss `);
    const losses = lines.slice(0, 4).map((line) => Number(line.split("loss ")[1]));
    expect(losses[3]).toBeLessThan(losses[0]!);
    expect(lines[4]).toMatch(/^test accuracy [01]/);
  });

  it("custom-model trains and evaluates a custom module, to one accuracy", async () => {
    const [trained, evaluated] = await linesOf("custom-model");
    expect(trained).toMatch(/^650 parameters, test accuracy /);
    expect(accuracyIn(evaluated)).toBe(accuracyIn(trained));
  });

  it("custom-issue-kind finds the samples whose labels were switched", async () => {
    const [outliers, own] = await linesOf("custom-issue-kind");
    expect(outliers).toMatch(/^outliers: \d+ samples/);
    expect(own).toBe("unlike their neighbors: 10 of 200 samples");
  });

  it("custom-method trains by a custom method with its option", async () => {
    expect(await linesOf("custom-method")).toEqual([expect.stringMatching(/^poly: test accuracy [01]/)]);
  });

  it("find-label-errors ranks labels and suggests others", async () => {
    const [estimate, ...issues] = await linesOf("find-label-errors");
    expect(estimate).toMatch(/^wrong labels: about [\d.]+% \([\d.]+% to [\d.]+%\)$/);
    expect(issues).toHaveLength(10);
    for (const line of issues) {
      const [, given, suggested] = line.match(/^0\.\d{3} sample \d+: labeled (\w+), suggested (\w+)/) ?? [];
      expect(suggested).not.toBe(given);
    }
  });

  it("predict-images predicts every file, in order", async () => {
    const at = folder("predict-images", await photos(["red", "green"], { each: 10 }));
    process.chdir(at);
    await train({ data: at, epochs: 1, batchSize: 10, width: 4, objective: "ce" }, { out: "run" });
    const files = [join(at, "green", "0.png"), join(at, "red", "0.png")];
    const lines = await linesOf("predict-images", ["run", ...files], at);
    expect(lines).toEqual(files.map((file) => expect.stringMatching(`^${file}: (red|green), confidence [01][.]`)));
  });

  it("calibrate finds a threshold and what it means on the test set", async () => {
    const [threshold, point] = await linesOf("calibrate");
    expect(threshold).toMatch(/^predict at confidence [\d.-]+ and above, by abstention$/);
    expect(point).toMatch(/^test set: coverage [\d.]+, error [\d.]+$/);
  });

  it("embed-and-search lists five neighbors of every query", async () => {
    const lines = await linesOf("embed-and-search");
    expect(lines).toHaveLength(10);
    for (const line of lines) expect(line.split(": ")[1]?.split(", ")).toHaveLength(5);
  });

  it("embeddings-npz trains on the arrays of one file", async () => {
    const { "x_train.npy": features, "y_train.npy": labels } = embeddings(90) as Record<string, Uint8Array>;
    const at = folder("embeddings-npz", {
      "embeddings.npz": zipSync({ "features.npy": features!, "labels.npy": labels! }),
    });
    const [described, accuracy, suspect] = await linesOf("embeddings-npz", [], at);
    expect(described).toBe("90 embeddings of size 4, 3 classes");
    expect(accuracyIn(accuracy)).toBeGreaterThanOrEqual(0);
    expect(suspect).toMatch(/^most suspect: \d+(, \d+){4}$/);
  });

  it("export-onnx predicts with the exported file", async () => {
    const lines = await linesOf("export-onnx");
    expect(lines).toHaveLength(10);
    for (const line of lines) expect(line).toMatch(/^\w+ [01]\.\d{3}$/);
  });
});

it("every example has a test and a line in the README", () => {
  const files = readdirSync(examples).filter((file) => file.endsWith(".ts"));
  expect(tested.sort()).toEqual(files.sort());
  const readme = readFileSync(join(examples, "README.md"), "utf8");
  expect(files.filter((file) => !readme.includes(`(${file})`))).toEqual([]);
});
