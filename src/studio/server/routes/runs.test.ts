import { mkdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { openStudio } from "../../../../test/support/studio.js";
import { temporaryFolder } from "../../../../test/support/temporary-folder.js";
import { parseRecipe } from "../../../runs/recipe/schema.js";
import { comparison, recipeForm, runDetails, runList } from "../../api.js";

const folder = temporaryFolder();
const resolved = {
  format: "folders",
  classes: ["cat", "dog"],
  sampleShape: [3, 16, 16],
  trainSize: 60,
  normalization: { mean: [0, 0, 0], std: [1, 1, 1] },
  fingerprint: "a",
  labelsFingerprint: "b",
  threads: 1,
  versions: {},
};
const recipeOf = (given: object) =>
  stringify({ ...parseRecipe({ data: "/data/photos", model: "resnet18", epochs: 3, ...given }), resolved });
const beat = new Date().toISOString();
const lock = (pid: number, heartbeat = beat) => JSON.stringify({ pid, host: hostname(), started: beat, heartbeat });
const runs = folder("runs", {
  "a/recipe.yaml": recipeOf({}),
  "a/metrics.jsonl": '{"epoch":0,"testAccuracy":0.5}\n{"epoch":1,"testAccuracy":0.75}\n{"epoch":2,"te',
  "a/notes.jsonl": '{"time":"","level":"info","text":"memorization begins"}\n',
  "study/b/recipe.yaml": recipeOf({ lr: 0.3, objective: "ce" }),
  "study/b/summary.json": "{}",
  "study/b/checkpoint/not-a-run/recipe.yaml": recipeOf({}),
  "stopped/recipe.yaml": recipeOf({}),
  "stopped/checkpoint/last/state.json": "{}",
  "stopped/record/0000.npy": "",
  "held/recipe.yaml": recipeOf({}),
  "held/lock.json": lock(process.ppid),
  "killed/recipe.yaml": recipeOf({}),
  "killed/lock.json": lock(4_194_304 + 7),
  "killed/checkpoint/last/state.json": "{}",
  "own/recipe.yaml": recipeOf({}),
  "own/lock.json": lock(1),
  ".hidden/recipe.yaml": recipeOf({}),
});
const { ask, post } = await openStudio(runs);
const detailsOf = async (id: string) => runDetails.parse((await ask(`/api/runs/${encodeURIComponent(id)}`)).json());

describe("the list of runs", () => {
  it("has every run below the folder with its last complete epoch, the last changed first", async () => {
    const { runs: listed } = runList.parse((await ask("/api/runs")).json());
    const lines = listed.map(({ id, status, epoch, testAccuracy }) => [id, status, epoch, testAccuracy].join());
    expect(lines.sort()).toEqual([
      "a,died,2,0.75",
      "held,running,0,",
      "killed,died,0,",
      "own,running,0,",
      "stopped,stopped,0,",
      "study/b,finished,0,",
    ]);
    expect(listed.find(({ id }) => id === "study/b")).toMatchObject({
      method: "ce",
      model: "resnet18",
      data: "photos",
      epochs: 3,
    });
    const changed = listed.map((run) => run.changed);
    expect(changed).toEqual(changed.toSorted((x, y) => y - x));
  });

  it("has runs that begin later", async () => {
    const root = folder("later");
    const later = await openStudio(root);
    expect((await later.ask("/api/runs")).json()).toEqual({ runs: [] });
    mkdirSync(join(root, "new"));
    writeFileSync(join(root, "new", "recipe.yaml"), recipeOf({}));
    expect(runList.parse((await later.ask("/api/runs")).json()).runs.map(({ id }) => id)).toEqual(["new"]);
  });
});

describe("the details of a run", () => {
  it("are its recipe, classes and notes, and what may be done with it", async () => {
    expect(await detailsOf("a")).toMatchObject({
      recipe: { data: "/data/photos", objective: "sat" },
      summary: null,
      classes: ["cat", "dog"],
      notes: ["memorization begins"],
      whyNot: {
        stop: "it is not running",
        resume: "it ended before its first checkpoint",
        review: "it has no checkpoint yet",
      },
    });
    expect(await detailsOf("stopped")).toMatchObject({ whyNot: { resume: null, review: null } });
    expect(await detailsOf("killed")).toMatchObject({ status: "died", pid: null, whyNot: { resume: null } });
    expect(await detailsOf("held")).toMatchObject({
      pid: process.ppid,
      host: hostname(),
      whyNot: { stop: null, resume: "it is running" },
    });
    expect((await detailsOf("study/b")).summary).toEqual({});
  });

  it.each(["../runs/a", "a/../a", "..", "/etc", "a%00", "study", "%2e%2e", "c".repeat(5000)])(
    "are not those of %s, which is no run's id",
    async (id) => {
      expect((await ask(`/api/runs/${encodeURIComponent(id)}`)).statusCode).toBeGreaterThanOrEqual(400);
      expect((await ask(`/api/runs/${encodeURIComponent(encodeURIComponent(id))}`)).statusCode).toBeGreaterThanOrEqual(
        400,
      );
    },
  );

  it("name the key that two recipes differ in", async () => {
    const { differences } = comparison.parse((await ask("/api/compare?runs=a,study%2Fb")).json());
    const byKey = Object.fromEntries(differences.map(({ key, values }) => [key, values]));
    expect(byKey).toMatchObject({ lr: ["", "0.3"], objective: ["sat", "ce"], form: ["ce", ""] });
    expect(byKey).not.toHaveProperty("epochs");
  });
});

describe("control of a run", () => {
  it.each([
    ["study/b/stop", "study/b cannot be stopped: it is not running"],
    ["own/stop", "own cannot be stopped: its lock names no process of a run"],
    ["held/resume", "held cannot be resumed: it is running"],
    ["a/resume", "a cannot be resumed: it ended before its first checkpoint"],
  ])("refuses %s", async (path, error) => {
    const [id, action] = [path.slice(0, path.lastIndexOf("/")), path.slice(path.lastIndexOf("/"))];
    const response = await post(`/api/runs/${encodeURIComponent(id)}${action}`);
    expect([response.statusCode, response.json()]).toEqual([409, { error }]);
  });

  it.each([
    [{ recipe: {} }, "`data`: received nothing; expected a path"],
    [{ recipe: { data: "x", epoch: 3 } }, 'unknown recipe key "epoch"; did you mean "epochs"?'],
    [{ recipe: 3 }, "`recipe`: received 3; expected an object"],
    [{}, "`recipe`: received nothing; expected an object"],
  ])("refuses to start %j", async (body, error) => {
    const response = await post("/api/runs", body);
    expect([response.statusCode, response.json()]).toEqual([400, { error }]);
  });
});

it("the form of a new run has every key with its description, and each method's own", async () => {
  const { groups, pretrains } = recipeForm.parse((await ask("/api/recipe-form")).json());
  const titled = (title: string) =>
    groups.find((group) => group.title === title)?.schema.properties as Record<string, object>;
  expect(pretrains).toEqual(expect.arrayContaining(["byol", "moco"]));
  expect(pretrains).not.toContain("sat");
  expect(groups.slice(0, 5).map(({ title }) => title)).toEqual(["Data", "Network", "Method", "Training", "Machine"]);
  expect(titled("Training").epochs).toMatchObject({ type: "integer", default: 200, description: expect.any(String) });
  expect(titled("Method").objective).toMatchObject({
    default: "sat",
    enum: expect.arrayContaining(["ce", "sat", "byol"]),
  });
  const own = groups.find(({ objective }) => objective === "sat")?.schema.properties;
  expect(own).toHaveProperty("targetMomentum");
});
