import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { tinyRecipe } from "../../test/support/tiny-run.js";
import { readDataSet } from "../data/index.js";
import { findIssues } from "../issues/index.js";
import { train } from "../training/index.js";
import { inspectData } from "./inspect-data.js";
import { byRunClasses } from "./other-data.js";

const runs = temporaryFolder()("runs");
const [run, ofMemory] = [join(runs, "named"), join(runs, "memory")];
const data = "shapes:train=60,test=20,size=16,seed=3";
const other = "shapes:train=30,test=10,size=16,seed=4";

beforeAll(async () => {
  await train({ ...tinyRecipe, data, epochs: 1, valFraction: 0.2 }, { out: run });
  await train({ ...tinyRecipe, epochs: 1 }, { out: ofMemory, dataSet: await readDataSet(data) });
});

describe("data that is given for a run", () => {
  it("is the run's where it has the same fingerprint", async () => {
    const { unseen, notes } = await inspectData(run, data);
    expect([unseen, notes[0]]).toEqual([undefined, `${data}: the data of the run`]);
    expect((await inspectData(ofMemory, data)).unseen).toBeUndefined();
  });

  it("is labeled data that the run never saw where it has another, compared with every part of the run's", async () => {
    const inspection = await inspectData(run, other);
    expect(inspection.notes[0]).toBe(
      `${other}: not the data of the run, but 30 samples that it was not trained on; its test part (10) is searched with \`part: test\``,
    );
    const { part, samples, issues, kinds } = await findIssues(inspection, { types: ["leakage"] });
    expect([part, samples.length, issues.length]).toEqual(["data", 30, 30]);
    expect(kinds[0]!.summary.match(/copies in \w+/g)).toEqual([
      "copies in train",
      "copies in validation",
      "copies in test",
    ]);
  });

  it("is a part of it where one is named", async () => {
    const inspection = await inspectData(run, other, { part: "test" });
    const { samples } = await findIssues(inspection, { types: [] });
    expect([samples.length, inspection.notes[0]]).toEqual([
      10,
      `${other}: not the data of the run, but 10 samples that it was not trained on`,
    ]);
    await expect(inspectData(run, other, { part: "validation" })).rejects.toThrow("has no validation part");
  });

  it("is all but the test part, of which a note says how to search it, also where that has as many samples", async () => {
    const { unseen, notes } = await inspectData(run, "shapes:train=20,test=20,size=16,seed=4");
    expect(unseen!.indices).toHaveLength(20);
    expect(notes[0]).toMatch(/ 20 samples that it was not trained on; its test part \(20\) is searched with /);
  });

  it("is not compared with the run's where that cannot be read, which is noted", async () => {
    const inspection = await inspectData(ofMemory, other);
    const { issues, notes } = await findIssues(inspection, { types: ["leakage", "outlier"] });
    expect(issues).toHaveLength(30);
    expect(inspection.notes.join("\n")).toMatch(
      /^copies in the data of the run are not looked for, as it cannot be read/m,
    );
    expect(notes).toEqual(["leakage: not searched for, without other parts"]);
  });

  it("is refused where most of it was trained on, or where its samples have another shape", async () => {
    await expect(inspectData(run, "shapes:train=90,test=20,size=16,seed=3")).rejects.toThrow(
      /48 of 90 samples are copies of those that the run was trained on/,
    );
    await expect(inspectData(run, "shapes:train=30,test=10,size=24,seed=4")).rejects.toThrow("3 x 24 x 24");
  });

  it("has its classes matched by name, and samples without a label left as they are", () => {
    const labels = Int32Array.of(0, 1, -1, 0);
    expect([...byRunClasses(labels, ["dog", "cat"], ["ant", "cat", "dog"])]).toEqual([2, 1, -1, 2]);
    expect(() => byRunClasses(labels, ["dog", "cta"], ["ant", "cat", "dog"])).toThrow(/"cta".*did you mean "cat"/);
  });
});
