import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { parseRecipe } from "../runs/index.js";
import { expandStudy, requireData } from "./expand.js";
import { checkedRecipe, planRuns } from "./planned-runs.js";
import { builtInStudies, chooseProfile, readStudy } from "./read-study.js";
import { parseStudy } from "./schema.js";
import { selectRows } from "./select-rows.js";

const folder = temporaryFolder();
const home = folder("recipes", {
  "base.yaml": "model: mlp\nwidth: 8\nstartEpoch: 3\n",
  "other.yaml": "model: resnet18\n",
  "data/cifar/x": "",
});

/** The rows of a study with one profile. */
function rowsOf(profile: object, { settings = {}, data = join(home, "data") } = {}) {
  const { profiles } = parseStudy({ title: "t", shows: "", profiles: { cpu: profile } }, "t");
  return expandStudy({ profile: profiles.cpu!, folder: home, data, settings });
}

describe("a row's recipe", () => {
  it("begins with the base recipe, then takes the profile's keys, the row's, and the user's", () => {
    const profile = { recipe: "base.yaml", set: { lr: 0.1, epochs: 4 }, rows: [{ name: "A", set: { epochs: 5 } }] };
    const [plain] = rowsOf(profile);
    expect(plain?.recipe).toEqual({
      model: "mlp",
      width: 8,
      startEpoch: 3,
      lr: 0.1,
      epochs: 5,
      data: join(home, "data"),
    });
    const [changed] = rowsOf(profile, { settings: { epochs: 6 } });
    expect(changed?.recipe).toMatchObject({ epochs: 6, lr: 0.1 });
  });

  it("loses a key that is set to null, by the row or by the user", () => {
    const profile = { recipe: "base.yaml", rows: [{ name: "A", set: { startEpoch: null } }] };
    const [row] = rowsOf(profile, { settings: { width: null } });
    expect(row?.recipe).toEqual({ model: "mlp", data: join(home, "data") });
  });

  it("follows the width rule by the width that comes out in the end", () => {
    const rule = { targetMomentum: 0.9, startEpoch: 10 };
    const profile = { rows: [{ name: "A", set: { width: 32 }, widthRule: rule }] };
    const ofWidth = (settings: object) => rowsOf(profile, { settings })[0]?.recipe;
    expect(ofWidth({})).toMatchObject({ width: 32, startEpoch: 20 });
    expect(ofWidth({ width: 64 })).toMatchObject({ width: 64, ...rule });
    expect(ofWidth({ width: null })).toMatchObject(rule);
    expect(ofWidth({ width: 16, startEpoch: 3 })).toMatchObject({ startEpoch: 3, targetMomentum: 0.9 ** (1 / 4) });
  });

  it("may begin from a file of its own", () => {
    const [row] = rowsOf({ recipe: "base.yaml", rows: [{ name: "A", recipe: "other.yaml" }] });
    expect(row?.recipe).toEqual({ model: "resnet18", data: join(home, "data") });
  });

  it("names the row's folder of the data, whichever of the two was given", () => {
    const profile = { rows: [{ name: "A", data: "cifar" }] };
    for (const data of [join(home, "data"), join(home, "data", "cifar")]) {
      const [row] = rowsOf(profile, { data });
      expect(row?.recipe.data).toBe(join(home, "data", "cifar"));
      expect(() => requireData(row!)).not.toThrow();
    }
    const [lost] = rowsOf(profile, { data: home });
    expect(() => requireData(lost!)).toThrow(/^A: received data .*cifar, which does not exist; expected `data: DIR`/);
  });
});

describe("a grid", () => {
  const grid = {
    axis: "width",
    values: [1, 64],
    series: [
      { name: "cross entropy", set: { objective: "ce" }, paper: { source: "figure 4", points: [[64, 0.82]] } },
      { name: "SAT", set: { objective: "sat" }, widthRule: { targetMomentum: 0.9, startEpoch: 40 } },
    ],
  };

  it("has a row for each series and place, with the paper's value where there is one", () => {
    const rows = rowsOf({ grid });
    expect(rows.map(({ slug, series, at }) => [slug, series, at])).toEqual([
      ["cross-entropy-width-1", "cross entropy", 1],
      ["cross-entropy-width-64", "cross entropy", 64],
      ["sat-width-1", "SAT", 1],
      ["sat-width-64", "SAT", 64],
    ]);
    expect(rows.map(({ paper }) => paper)).toEqual([
      undefined,
      { testAccuracy: 0.82, source: "figure 4" },
      undefined,
      undefined,
    ]);
  });

  it("carries the targets' settings over to each width, for the series that asks for it", () => {
    const [narrowCe, , narrow, wide] = rowsOf({ grid }).map(({ recipe }) => recipe);
    expect(narrowCe).not.toHaveProperty("startEpoch");
    expect(narrow).toMatchObject({ width: 1, startEpoch: 2560, targetMomentum: 0.9 ** (1 / 64) });
    expect(wide).toMatchObject({ width: 64, startEpoch: 40, targetMomentum: 0.9 });
  });

  it("is cut down to rows by name, series or place", () => {
    const slugs = (only: string[]) => selectRows(rowsOf({ grid }), "width", only).map(({ slug }) => slug);
    expect(slugs(["sat"])).toEqual(["sat-width-1", "sat-width-64"]);
    expect(slugs(["width=64", "sat-width-1"])).toEqual(["cross-entropy-width-64", "sat-width-1", "sat-width-64"]);
    expect(() => slugs(["width=63"])).toThrow(/`only`: received "width=63"; expected .*; did you mean "width=64"\?/);
  });

  it("is not to be undone by a setting of its axis", () => {
    expect(() => rowsOf({ grid }, { settings: { width: 4 } })).toThrow(
      "`set: width`: the study goes through its values",
    );
  });

  it("refuses two rows of one name", () => {
    expect(() => rowsOf({ rows: [{ name: "A b" }, { name: "a-b" }] })).toThrow(
      'two rows of the study have the name "a-b"',
    );
  });
});

describe("a matrix", () => {
  const shapes = "shapes:train=20,test=20,size=16,seed=0";
  const methods = [
    { name: "cross entropy", set: { objective: "ce" } },
    { name: "SAT", set: { objective: "sat" } },
  ];
  const clean = { name: "clean", set: { noise: "none" } };
  const profile = {
    draw: "matrix",
    seeds: [0, 1],
    matrix: {
      baseline: "cross entropy",
      parts: [
        {
          name: "Drawn",
          title: "shapes",
          recipe: "base.yaml",
          set: { data: shapes },
          seeds: [7],
          conditions: [clean, { name: "pair 40%", set: { noise: "pair:0.4" } }],
          methods,
        },
        { name: "Taken", title: "photographs", conditions: [clean], methods },
      ],
    },
  };
  const rows = rowsOf(profile);

  it("has a row for every method under every condition of each part, in a folder of these three names", () => {
    expect(rows.map(({ slug, seeds }) => [slug, ...seeds])).toEqual([
      ["drawn/clean/cross-entropy", 7],
      ["drawn/clean/sat", 7],
      ["drawn/pair-40/cross-entropy", 7],
      ["drawn/pair-40/sat", 7],
      ["taken/clean/cross-entropy", 0, 1],
      ["taken/clean/sat", 0, 1],
    ]);
    expect(planRuns(rows.slice(3, 5), undefined, "out").map(({ folder }) => folder)).toEqual(
      ["drawn/pair-40/sat/seed-7", "taken/clean/cross-entropy/seed-0", "taken/clean/cross-entropy/seed-1"].map((run) =>
        join("out", run),
      ),
    );
    expect(planRuns(rows.slice(0, 1), [3, 4], "out").map(({ seed }) => seed)).toEqual([3, 4]);
  });

  it("draws the package's data itself and takes the given one elsewhere; a method has only its keys of the base recipe", () => {
    expect(rows[2]?.recipe).toEqual({ model: "mlp", width: 8, data: shapes, noise: "pair:0.4", objective: "ce" });
    expect(rows[3]?.recipe).toMatchObject({ data: shapes, startEpoch: 3, objective: "sat" });
    expect(rows[5]?.recipe).toMatchObject({ data: join(home, "data"), noise: "none", objective: "sat" });
    expect(() => requireData(rows[3]!)).not.toThrow();
  });

  it("is cut down to rows by part, condition and method, and by several of these", () => {
    const count = (...only: string[]) => selectRows(rows, undefined, only).length;
    expect([count("drawn"), count("clean"), count("sat"), count("clean/sat"), count("sat/drawn/pair-40")]).toEqual([
      4, 4, 3, 2, 1,
    ]);
    expect(count("taken", "pair-40")).toBe(4);
    for (const word of ["drawing", "taken/pair-40"]) {
      expect(() => count(word)).toThrow(
        `\`only\`: received "${word}"; expected drawn, clean, cross-entropy, sat, pair-40, taken`,
      );
    }
  });
});

describe("the paper's double descent", () => {
  const rows = expandStudy({
    profile: chooseProfile(readStudy("double-descent-width"), "paper").profile,
    folder: "",
    data: "d",
    settings: {},
  });

  it("goes through 22 widths by two methods, with recipes that are taken", () => {
    expect(rows).toHaveLength(44);
    for (const { recipe } of rows)
      expect(parseRecipe(recipe)).toMatchObject({ epochs: 4000, noise: "symmetric:0.1667" });
  });

  it("starts self-adaptive targets at epoch 284 for width 9, with momentum 0.985", () => {
    const row = rows.find(({ slug }) => slug === "self-adaptive-width-9");
    expect(row?.recipe.startEpoch).toBe(284);
    expect(row?.recipe.targetMomentum).toBeCloseTo(0.9853, 4);
  });

  it("keeps the paper's points", () => {
    const errors = rows.flatMap(({ series, at, paper }) => (paper ? [[series, at, 1 - paper.testAccuracy]] : []));
    expect(errors.map(([series, at, error]) => [series, at, Number((error as number).toFixed(2))])).toEqual([
      ["cross entropy", 1, 0.43],
      ["cross entropy", 4, 0.23],
      ["cross entropy", 9, 0.31],
      ["cross entropy", 64, 0.18],
      ["self-adaptive", 64, 0.09],
    ]);
  });
});

describe("every study of the package", () => {
  const profiles = builtInStudies().flatMap((name) => {
    const found = readStudy(name);
    return Object.entries(found.study.profiles).map(([key, profile]) => ({ name, key, profile, folder: found.folder }));
  });

  it.each(profiles)("$name, $key, has recipes that are taken", ({ profile, folder: home }) => {
    for (const run of planRuns(expandStudy({ profile, folder: home, data: "d", settings: {} }), profile.seeds, "out")) {
      expect(() => checkedRecipe(run)).not.toThrow();
    }
  });
});
