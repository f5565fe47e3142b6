import { expect, it } from "vitest";
import { type ReviewAction, reviewState } from "../../../review/index.js";
import type { Evidence, LoadedPart } from "../evidence/loaded.js";
import { compareTrainings } from "./before-after.js";

const classes = ["cat", "dog"];

/** The evidence of a run on files: the most probable class of each, all given "cat". */
function evidenceOf(folder: string, files: readonly string[], predicted: readonly number[]): Evidence {
  const part: Partial<LoadedPart> = {
    part: "train",
    classes,
    files,
    samples: Int32Array.from(files.keys()),
    find: (sample) => sample,
    given: new Int32Array(files.length),
    predicted: Int32Array.from(predicted),
  };
  const evidence: Partial<Evidence> = {
    classes,
    noiseRate: { estimate: 0.1, low: 0, high: 0.2, unknown: null },
    pictures: { train: { kind: "files", folder }, test: { kind: "none" } },
    parts: [{ name: "train", samples: files.length, flagged: [] }],
    part: () => part as LoadedPart,
  };
  return evidence as Evidence;
}

const verdict = (sample: number, label: string | null) =>
  ({
    ...{ kind: "verdict", id: String(sample), reviewer: "me", time: "", part: "train", samples: [sample], label },
    ...{ verdict: label === null ? "right" : "relabel", labels: null, seconds: null, queue: "all", again: false },
    shown: null,
  }) satisfies ReviewAction;

it("a file is the same in both runs by its path, not by its name alone", () => {
  const before = evidenceOf("/data", ["cat/1.png", "dog/1.png"], [0, 0]);
  // As a manifest in another folder lists them.
  const after = evidenceOf("/runs/review", ["../../data/dog/1.png", "../../data/cat/1.png"], [1, 0]);
  const state = reviewState([verdict(0, null), verdict(1, "dog")]);
  const [first, second] = [before, after].map((evidence) => ({ path: "/nonexistent", evidence }));
  const { rows } = compareTrainings(first!, second!, state);
  expect(rows.at(-1)).toEqual({
    figure: "verdicts that the network agrees with",
    unit: "fraction",
    before: 0.5,
    after: 1,
  });
});
