import { expect, it } from "vitest";
import { optionalPackage } from "../../optional-package.js";
import { issueEvidence } from "../part.js";
import type { IssueKind } from "./define-kind.js";
import { findKinds } from "./find-kinds.js";

const evidence = issueEvidence(["a"], {
  name: "data",
  indices: Int32Array.of(0),
  labels: Int32Array.of(0),
  samples: null,
  features: null,
  probabilities: null,
  unreadable: new Int32Array(),
});

const kindOf = (name: string, find: IssueKind["find"]): IssueKind => ({
  name,
  title: name,
  needs: [],
  advice: "",
  find,
});

it("a kind that lacks an optional package is left out with a note; other errors are thrown", async () => {
  const missing = async () => {
    const absent = "no-such-package";
    return optionalPackage("finding them", [absent], () => import(absent));
  };
  const found = { columns: [], groups: [], summary: "found" };
  const kinds = [kindOf("lost", missing), kindOf("others", () => found)];
  const result = await findKinds(evidence, kinds);
  expect(result.found.map(({ summary }) => summary)).toEqual(["found"]);
  expect(result.notes).toEqual([
    "lost: not searched for, finding them requires no-such-package (not installed: no-such-package); run: npm install no-such-package",
  ]);
  const broken = kindOf("broken", () => {
    throw new RangeError("broken");
  });
  await expect(findKinds(evidence, [broken])).rejects.toThrow("broken");
});
