// The checks of `npm run check` that are ours: each must find what it is there for.
import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { unknownNames, wordsOf } from "../scripts/checks/doc-names.mjs";
import { brokenReferences } from "../scripts/checks/doc-paths.mjs";
import { exportedFiles, wildcardExports } from "../scripts/checks/exports.mjs";
import { importCycles, wrongImports } from "../scripts/checks/layers.mjs";
import { sources } from "../scripts/checks/sources.mjs";
import { renderSteps, stepsIn } from "../scripts/operators/steps.mjs";

describe("the direction of imports", () => {
  test.each([
    ["cli/commands/train/train.ts", "../../../training/loop.js"],
    ["training/loop.ts", "../objectives/index.js"],
    ["serving/server.ts", "../inference/index.js"],
    ["inference/run-predictor.ts", "../runs/open-model.js"],
    ["export/onnx.ts", "../training/index.js"],
    ["objectives/sat.ts", "../torch/index.js"],
    ["torch/nn/linear.ts", "../../errors.js"],
    ["torch/nn/linear.ts", "../tensor.js"],
    ["metrics/accuracy.ts", "./arrays.js"],
    ["metrics/accuracy.ts", "zod"],
    ["torch/devices.ts", "../options/index.js"],
    ["index.ts", "./training/loop.js"],
  ])("%s may import %s", (file, from) => {
    expect(wrongImports(file, `import { x } from "${from}";`)).toEqual([]);
  });

  test.each([
    ["torch/tensor.ts", "../data/types.js"],
    ["objectives/sat.ts", "../training/loop.js"],
    ["models/resnet.ts", "../data/types.js"],
    ["metrics/accuracy.ts", "../torch/index.js"],
    ["evaluation/evaluate.ts", "../training/loop.js"],
    ["runs/prepare.ts", "../evaluation/evaluate.js"],
    ["serving/server.ts", "../studies/queue.js"],
    ["training/loop.ts", "../cli/main.js"],
    ["training/loop.ts", "../inference/index.js"],
    ["inference/predictor.ts", "../serving/server.js"],
    ["training/loop.ts", "../export/index.js"],
    ["training/loop.ts", "../index.js"],
    ["torch/native.ts", "../../scripts/setup.mjs"],
    ["elsewhere/new.ts", "../torch/index.js"],
    ["errors.ts", "./torch/index.js"],
  ])("%s may not import %s", (file, from) => {
    expect(wrongImports(file, `\nimport { x } from "${from}";`)).toEqual([expect.stringContaining(`src/${file}:2: `)]);
  });

  test("re-exports, dynamic imports and imported types count as imports", () => {
    const ways = ['export { x } from "../cli/a.js"', 'await import("../cli/a.js")', 'type T = import("../cli/a.js").T'];
    for (const way of ways) expect(wrongImports("torch/a.ts", way)).toHaveLength(1);
  });
});

test("no import of the sources points up or sideways, and no imports form a circle", () => {
  expect(sources().flatMap(({ file, text }) => wrongImports(file, text))).toEqual([]);
  expect(importCycles(sources())).toEqual([]);
});

describe("the page of the studio", () => {
  test.each([
    ["studio/web/app.tsx", 'import { x } from "./ui/text.js";'],
    ["studio/web/app.tsx", 'import { x } from "../../format.js";'],
    ["studio/web/app.tsx", 'import type { RunList } from "../api.js";'],
    ["cli/commands/studio.ts", 'import { x } from "../../studio/server/server.js";'],
  ])("%s may have: %s", (file, text) => expect(wrongImports(file, text)).toEqual([]));

  test.each([
    ["studio/web/app.tsx", 'import { runList } from "../api.js";', "src/studio/api.ts"],
    ["studio/web/app.tsx", 'import type { X } from "../../runs/index.js";', "src/runs/index.ts"],
    ["studio/server/server.ts", 'import { x } from "../web/app.js";', "src/studio/web/app.ts"],
  ])("%s may not have: %s", (file, text, target) => {
    expect(wrongImports(file, text)).toEqual([expect.stringContaining(`may not import ${target}`)]);
  });
});

describe("import cycles", () => {
  const source = (file: string, ...lines: string[]) => ({ file, text: lines.join("\n") });

  test("a cycle is one line that names the files on the way round, type-only imports included", () => {
    const sources = [
      source("torch/a.ts", 'import { b } from "./nn/b.js";'),
      source("torch/nn/b.ts", 'export { c } from "./c.js";'),
      source("torch/nn/c.ts", 'import type { A } from "../a.js";'),
    ];
    expect(importCycles(sources)).toEqual(["import cycle: torch/a.ts -> torch/nn/b.ts -> torch/nn/c.ts -> torch/a.ts"]);
  });

  test("a cycle through a TSX file is found", () => {
    const sources = [
      source("studio/web/a.tsx", 'import { b } from "./b.js";'),
      source("studio/web/b.ts", 'import { a } from "./a.js";'),
    ];
    expect(importCycles(sources)).toEqual(["import cycle: studio/web/a.tsx -> studio/web/b.ts -> studio/web/a.tsx"]);
  });

  test("a file that imports itself is a cycle", () => {
    expect(importCycles([source("data/a.ts", 'import type { A } from "./a.js";')])).toEqual([
      "import cycle: data/a.ts -> data/a.ts",
    ]);
  });

  test("files that are reached by two ways are no cycle", () => {
    const sources = [
      source("data/a.ts", 'import "./b.js";', 'import "./c.js";'),
      source("data/b.ts", 'import "./d.js";'),
      source("data/c.ts", 'import "./d.js";', 'import "zod";'),
      source("data/d.ts", ""),
    ];
    expect(importCycles(sources)).toEqual([]);
  });
});

describe("the public surface", () => {
  test("a wildcard re-export is found, and a named namespace is none", () => {
    expect(wildcardExports("index.ts", 'export { a } from "./a.js";\nexport * from "./b.js";')).toEqual([
      'src/index.ts:2: export * from "./b.js": name what is exported',
    ]);
    expect(wildcardExports("index.ts", 'export * as nn from "./nn/index.js";')).toEqual([]);
  });

  test("every file that an entry names is looked at", () => {
    const exports = { ".": { types: "./a.d.ts", default: "./a.js" }, "./package.json": "./package.json" };
    expect(exportedFiles({ exports }).map(({ file }) => file)).toEqual(["./a.d.ts", "./a.js", "./package.json"]);
  });
});

describe("references of the docs", () => {
  const files = ["README.md", "docs/guide.md", "docs/figures/a.png", "src/torch/nn/trunk.ts"];
  const problemsOf = (text: string) =>
    brokenReferences("docs/guide.md", {
      files,
      read: (path) => (path === "docs/guide.md" ? text : "# The fp32 unit: fast"),
    });

  test.each([
    "[the README](../README.md#the-fp32-unit-fast), [below](#limits), [outside](https://a.org/b.md)\n## Limits",
    "![a figure](figures/a.png) of `src/torch/nn/`, `src/torch/nn/trunk.ts` and `nn/trunk.ts`",
    "folders `train/` and `test/` of yours, ./src/index.ts, https://a.org/src/b.ts",
  ])("that lead somewhere pass: %s", (text) => expect(problemsOf(text)).toEqual([]));

  test.each([
    ["[x](../src/loop.ts)", "the link ../src/loop.ts leads to src/loop.ts, which does not exist"],
    ["[x](../README.md#limits)", "the link ../README.md#limits names no heading of README.md"],
    ["[x](#limits)", "the link #limits names no heading of docs/guide.md"],
    ["see src/loop.ts.", "src/loop.ts does not exist"],
    ["`unk.ts`", "unk.ts does not exist"],
  ])("that lead nowhere are named with their line: %s", (text, problem) => {
    expect(problemsOf(`\n${text}`)).toEqual([`docs/guide.md:2: ${problem}`]);
  });

  test("identifiers in backticks must occur in the sources", () => {
    const words = wordsOf(["const startEpoch = 1;", "recipe.valFraction"]);
    expect(unknownNames("docs/guide.md", "`startEpoch` and `{ valFraction: 0.1 }`; startEpok", words)).toEqual([]);
    expect(unknownNames("docs/guide.md", "\n`--set startEpok=3`", words)).toEqual([
      "docs/guide.md:2: no source has startEpok",
    ]);
  });

  test("in this repository all lead somewhere", () => {
    const check = spawnSync(process.execPath, ["scripts/check-docs.mjs"], { encoding: "utf8" });
    expect(check).toMatchObject({ status: 0, stderr: "" });
  });
});

describe("the table of a trunk's steps", () => {
  const header = (...rows: string[]) => `constexpr int kRowLength = 4;\nenum class StepKind {\n${rows.join("\n")}\n};`;

  test("becomes a number and a tuple of operands for each step", () => {
    const text = renderSteps(stepsIn(header("  MaxPool = 5,  // x kernel", "  Mean = 7,     // x")));
    expect(text).toContain("ROW_LENGTH = 4;");
    expect(text).toContain("  maxPool: 5,\n  mean: 7,\n");
    expect(text).toContain("  readonly maxPool: readonly [x: number, kernel: number];\n");
  });

  test.each([
    [["  Relu = 3,"], /"Relu = 3," is no step; expected: Name = number,/],
    [["  Relu = 3,  // x", "  Add = 3,  // x y"], /two steps share a number/],
    [["  Norm = 2,  // x a b c"], /a row has 4 numbers, norm needs 5/],
    [[], /has no kRowLength or no enum class StepKind/],
  ])("that reads %j is refused", (rows, message) => {
    expect(() => stepsIn(header(...rows))).toThrow(message);
  });

  test("in the sources is what the addon's and the library's files were made from", () => {
    const check = spawnSync(process.execPath, ["scripts/generate-steps.mjs", "--check"], { encoding: "utf8" });
    expect(check).toMatchObject({ status: 0, stderr: "" });
  });
});
