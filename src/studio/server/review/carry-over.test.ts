import { expect, it } from "vitest";
import { parseAction, type ReviewActionInput } from "../../../review/actions.js";
import { reviewState } from "../../../review/index.js";
import type { Evidence, LoadedPart } from "../evidence/loaded.js";
import { carriedActions } from "./carry-over.js";

const stateOf = (...actions: Partial<ReviewActionInput>[]) =>
  reviewState(actions.map((action, i) => parseAction(action, String(i))));

/** The evidence of a run on files, by part: their names with their given classes. */
function evidenceOf(classes: string[], parts: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  const loaded = Object.entries(parts).map(([part, files]): Partial<LoadedPart> => {
    const names = Object.keys(files);
    return {
      ...{ part: part as LoadedPart["part"], classes, files: names },
      samples: Int32Array.from(names.keys()),
      given: Int32Array.from(Object.values(files), (name) => classes.indexOf(name)),
      find: (sample) => (sample < names.length ? sample : null),
    };
  });
  const evidence: Partial<Evidence> = {
    classes,
    pictures: { train: { kind: "files", folder: "/data" }, test: { kind: "files", folder: "/data" } },
    parts: loaded.map(({ part, samples }) => ({ name: part!, samples: samples!.length, flagged: [] })),
    part: (name) => loaded.find(({ part }) => part === name) as LoadedPart,
  };
  return evidence as Evidence;
}

it("verdicts are carried to the samples of the second run, wherever it has them, as they read on its labels", () => {
  const before = evidenceOf(["cat", "dog", "owl"], {
    train: { "a.png": "cat", "b.png": "cat", "c.png": "dog", "d.png": "dog", "e.png": "cat", "f.png": "owl" },
  });
  // b was relabeled; c was left out; e is disputed and stays; the last owl is gone, and with it the class.
  const after = evidenceOf(["cat", "dog"], {
    train: { "d.png": "dog", "b.png": "dog", "e.png": "cat" },
    validation: { "a.png": "cat" },
  });
  const state = stateOf(
    { samples: [0], verdict: "right" },
    { samples: [1], verdict: "relabel", label: "dog" },
    { samples: [2], verdict: "none" },
    { samples: [3], verdict: "ambiguous" },
    { samples: [4], verdict: "right" },
    { samples: [4], verdict: "relabel", label: "dog", reviewer: "ann" },
    { samples: [5], verdict: "relabel", label: "owl", reviewer: "ann" },
    { samples: [0], verdict: "later", reviewer: "ann" },
  );
  const carried = { kind: "verdict", queue: "all", carried: true, labels: null };
  expect(carriedActions(state, before, after)).toEqual([
    { ...carried, part: "validation", samples: [0], verdict: "right", reviewer: "me" },
    { ...carried, part: "train", samples: [1, 2], verdict: "right", reviewer: "me" },
    { ...carried, part: "train", samples: [0], verdict: "ambiguous", reviewer: "me" },
    { ...carried, part: "train", samples: [2], verdict: "relabel", labels: ["dog"], reviewer: "ann" },
  ]);
});

it("undo passes over carried verdicts, which are decided all the same", () => {
  const state = stateOf({ samples: [1, 2], verdict: "right", carried: true }, { samples: [3], verdict: "none" });
  expect(state.decisions("train", "me").size).toBe(3);
  expect(state.undoable("me")?.samples).toEqual([3]);
  expect(stateOf({ samples: [1], verdict: "right", carried: true }).undoable("me")).toBeNull();
});
