import { beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { tinyRecipe, tinyShapes } from "../../../test/support/tiny-run.js";
import { train } from "../../training/index.js";
import { requireSameRecipe, resumeCommand } from "./resume.js";

const run = temporaryFolder()("a run");

beforeAll(async () => {
  await train({ ...tinyRecipe, objective: "sat", precision: "auto" }, { out: run, dataSet: tinyShapes });
});

describe("resuming a run", () => {
  it("takes a command that repeats where its data is, what it leaves out, and how it computes", () => {
    const end = (given: Parameters<typeof resumeCommand>[1]) => resumeCommand(run, given).split(" train ")[1];
    const plain = `--resume --out '${run}'`;
    expect(end({})).toBe(plain);
    expect(end({ nproc: 1 })).toBe(plain);
    expect(end({ data: "my photos", skipMissing: true, threads: 2, nproc: 4 })).toBe(
      `${plain} --data 'my photos' --skip-missing --threads 2 --nproc 4`,
    );
  });

  it("allows the recipe that the run was started by, and no other", () => {
    const asked = (input: Record<string, unknown>) => () => requireSameRecipe(run, input);
    expect(asked({ objective: "sat", precision: "auto", stream: "auto", epochs: 9 })).not.toThrow();
    expect(asked({ objective: "ce" })).toThrow("which has objective sat; received `objective: ce`");
    expect(asked({ startEpoch: "auto" })).toThrow("which has startEpoch 1; received `startEpoch: auto`");
  });
});
