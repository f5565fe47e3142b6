import { describe, expect, it } from "vitest";
import { InputError } from "../errors.js";
import { builtInStudies, chooseProfile, readStudy } from "./read-study.js";
import { parseStudy } from "./schema.js";

const rows = [{ name: "one" }];
const grid = { axis: "width", values: [1, 2], series: [{ name: "ce" }] };
const part = { name: "some", title: "Some data", conditions: [{ name: "clean" }], methods: rows };
const study = (profile: object) => ({ title: "Mine", shows: "A thing.", profiles: { cpu: profile } });

/** The one line that something is refused with. */
function refusal(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).not.toContain("\n");
    return (error as Error).message;
  }
  throw new Error("it was taken");
}

describe("a study", () => {
  it("gets its defaults: bars, one seed, nothing set", () => {
    const { profiles } = parseStudy(study({ rows }), "mine");
    expect(profiles.cpu).toMatchObject({ draw: "bars", seeds: [0], set: {}, rows: [{ name: "one", set: {} }] });
  });

  it.each([
    ["a mistyped key", { row: rows }, 'study mine: profiles.cpu: unknown key "row"; did you mean "rows"?'],
    [
      "a mistyped key of a row",
      { rows: [{ name: "one", sets: {} }] },
      'study mine: profiles.cpu.rows.0: unknown key "sets"; did you mean "set"?',
    ],
    [
      "rows beside a grid",
      { rows, grid },
      "study mine: profiles.cpu: expected either rows, a grid, a matrix or a search",
    ],
    ["neither rows nor a grid", {}, "study mine: profiles.cpu: expected either rows, a grid, a matrix or a search"],
    [
      "rows beside a search",
      { rows, search: { ranges: { lr: [0.1] } } },
      "expected either rows, a grid, a matrix or a search",
    ],
    [
      "a search of nothing",
      { search: { ranges: {} } },
      "search.ranges: expected a recipe key with its range, such as lr:",
    ],
    [
      "a range upside down",
      { search: { ranges: { lr: { min: 1, max: 0.1 } } } },
      "profiles.cpu.search.ranges.lr: expected min below max",
    ],
    [
      "a range from 0 with a log scale",
      { search: { ranges: { lr: { min: 0, max: 0.1, scale: "log" } } } },
      "profiles.cpu.search.ranges.lr: expected min above 0 with scale: log",
    ],
    [
      "a single value in place of a range",
      { search: { ranges: { lr: 0.1 } } },
      "profiles.cpu.search.ranges.lr: expected a list of values, or { min, max, scale }",
    ],
    [
      "a search over the data",
      { search: { ranges: { valFraction: [0.1, 0.2] } } },
      "search.ranges: received valFraction; expected keys that leave data and epochs as they are",
    ],
    [
      "a mistyped key of a search",
      { search: { trails: 3, ranges: { lr: [0.1] } } },
      'profiles.cpu.search: unknown key "trails"; did you mean "trials"?',
    ],
    ["no rows at all", { rows: [] }, "profiles.cpu.rows: "],
    [
      "a matrix in another drawing",
      { matrix: { baseline: "one", parts: [part] } },
      "a matrix is for draw: matrix; received bars",
    ],
    [
      "a baseline that a part of the matrix lacks",
      { draw: "matrix", matrix: { baseline: "on", parts: [part] } },
      'matrix: received the baseline "on"; expected a method of the part "some"; did you mean "one"?',
    ],
    [
      "an attack in another drawing",
      { rows, attack: { name: "autoattack", limit: 500 } },
      "an attack is for draw: robust; received bars",
    ],
    [
      "fine-tuning in another drawing",
      { rows, fineTune: { samples: [50] } },
      "fineTune is for draw: representations; received bars",
    ],
    ["an axis without a grid", { rows, draw: "axis" }, "draw: axis needs a grid; received none"],
    ["an accuracy in per cent", { rows: [{ name: "one", paper: { testAccuracy: 92, source: "x" } }] }, "<=1"],
    [
      "a threshold of a series that is not there",
      { grid, interpolation: "ec" },
      'interpolation: received "ec"; expected a series of the grid; did you mean "ce"?',
    ],
    [
      "lines that no coverage table shows",
      { rows: [{ name: "one", lines: [{}] }] },
      'the lines of "one" are for draw: coverage; received bars',
    ],
    [
      "a baseline without a coverage table",
      { rows, baseline: "one" },
      "baseline is for draw: coverage or robust; received bars",
    ],
    [
      "a baseline of robust accuracies that is no row",
      { rows, draw: "robust", baseline: "on" },
      'baseline: received "on"; expected a row; did you mean "one"?',
    ],
    ["a coverage table of a grid", { grid, draw: "coverage" }, "draw: coverage needs rows; received a grid"],
    [
      "a baseline that is no line",
      { rows, draw: "coverage", baseline: "on" },
      'baseline: received "on"; expected a line of the table; did you mean "one"?',
    ],
    [
      "a coverage of one line from two rows",
      { draw: "coverage", rows: [...rows, { name: "two", lines: [{ name: "one", at: [90] }] }] },
      'the line "one" has coverage 90 twice; expected it of one row',
    ],
    [
      "a coverage that no run is judged at",
      { draw: "coverage", rows: [{ name: "one", lines: [{ at: [91] }] }] },
      "profiles.cpu.rows.0.lines.0.at.0: ",
    ],
    [
      "errors in per cent",
      { draw: "coverage", rows: [{ name: "one", lines: [{ paper: { source: "x", errorAtCoverage: { 95: 3.4 } } }] }] },
      "profiles.cpu.rows.0.lines.0.paper.errorAtCoverage.95: ",
    ],
    ["a seed twice", { rows, seeds: [1, 1] }, "profiles.cpu.seeds: expected each seed once"],
  ])("with %s is refused", (_, profile, message) => {
    expect(refusal(() => parseStudy(study(profile), "mine"))).toContain(message);
  });
});

describe("the package's studies", () => {
  it("are well formed, each with a paper's and a cpu profile", () => {
    expect(builtInStudies()).toEqual([
      "adversarial",
      "double-descent-epoch",
      "double-descent-width",
      "label-noise",
      "linear",
      "selective",
    ]);
    for (const name of builtInStudies()) {
      expect(Object.keys(readStudy(name).study.profiles)).toEqual(expect.arrayContaining(["paper", "cpu"]));
    }
  });

  it("are found by name, and a name that is near one is pointed to it", () => {
    const message = refusal(() => readStudy("labelnoise"));
    expect(message).toMatch(/^unknown table "labelnoise"; expected .*; did you mean "label-noise"\?$/);
    expect(refusal(() => readStudy("nowhere.yaml"))).toMatch(/^study .*nowhere\.yaml cannot be read: ENOENT$/);
  });

  it("are run in the cpu profile unless another is named", () => {
    const found = readStudy("label-noise");
    expect(chooseProfile(found).name).toBe("cpu");
    expect(chooseProfile(found, "paper").profile.rows).toHaveLength(16);
    expect(refusal(() => chooseProfile(found, "papr"))).toContain('did you mean "paper"?');
  });
});
