import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { InputError } from "../errors.js";
import { appendReview, readReview, reviewFile } from "./index.js";

const folder = temporaryFolder();
const verdict = { kind: "verdict", part: "train", samples: [7], verdict: "relabel", label: "cat" } as const;

describe("the log of a review", () => {
  it("is empty without a file", () => {
    expect(readReview(folder("none"))).toEqual({ actions: [], notes: [] });
  });

  it("gives back what was appended, with an id of its own and the time", () => {
    const run = folder("appended");
    const shown = { given: ["dog"], suggested: ["cat"], pWrong: [0.9] };
    const first = appendReview(run, { ...verdict, reviewer: "ann", seconds: 2.5, shown });
    const second = appendReview(run, { kind: "undo", undo: first.id, reviewer: "ann" });
    expect(readReview(run)).toEqual({ actions: [first, second], notes: [] });
    expect(first).toMatchObject({ ...verdict, reviewer: "ann", seconds: 2.5, queue: "suspects", again: false, shown });
    expect(second.id).not.toBe(first.id);
    expect(Date.parse(first.time)).toBeGreaterThan(0);
  });

  it("leaves out a line that was cut off with a note, and goes on on a new line", () => {
    const run = folder("torn");
    const first = appendReview(run, verdict);
    appendReview(run, verdict);
    truncateSync(reviewFile(run), readFileSync(reviewFile(run)).length - 5);
    const note = `${reviewFile(run)}: line 2 was cut off while it was written and is left out`;
    expect(readReview(run)).toEqual({ actions: [first], notes: [note] });
    const third = appendReview(run, verdict);
    expect(readReview(run)).toEqual({ actions: [first, third], notes: [note] });
  });

  it("takes a file with a byte order mark, and refuses what no crash leaves behind", () => {
    const run = folder("editor");
    const line = '{"samples":[3],"verdict":"none"}';
    writeFileSync(reviewFile(run), `\uFEFF${line}\r\n${line}\r\n`);
    expect(readReview(run)).toMatchObject({ actions: [{ samples: [3] }, { samples: [3] }], notes: [] });
    writeFileSync(reviewFile(run), '{"samples":[3],"verdict":"none",}\n');
    expect(() => readReview(run)).toThrow(`${reviewFile(run)}, line 1 is not JSON: {"samples":[3],"verdict":"none",}`);
    for (let end = 1; end < line.length; end++) {
      writeFileSync(reviewFile(run), `${line.slice(0, end)}\n${line}\n`);
      expect(readReview(run)).toMatchObject({
        actions: [{ samples: [3] }],
        notes: [expect.stringContaining("cut off")],
      });
    }
  });

  it("takes a verdict written by hand, with the defaults of what is not said", () => {
    const run = folder("by-hand");
    writeFileSync(reviewFile(run), '{"samples":[3],"verdict":"none"}\n');
    const [action] = readReview(run).actions;
    expect(action).toMatchObject({ id: "line 1", kind: "verdict", part: "train", reviewer: "me", label: null });
  });

  it.each([
    ['{"samples":[3],"verdict":"wrong"}', "verdict"],
    ['{"samples":[],"verdict":"none"}', "samples"],
    ['{"samples":[-1],"verdict":"none"}', "samples.0"],
    ['{"samples":[1],"verdict":"relabel"}', "label: expected a class name for relabel"],
    ['{"samples":[1],"verdict":"right","label":"cat"}', "label: expected a class name for relabel"],
    ['{"samples":[1],"verdict":"none","reviewr":"ann"}', 'unknown key "reviewr"; did you mean "reviewer"?'],
    ['{"samples":[1],"verdict":"none","split":"test"}', 'unknown key "split"'],
    ['{"kind":"redo"}', "kind"],
    ["7", "samples"],
  ])("refuses %s, naming the line", (line, reason) => {
    const run = folder("refused");
    writeFileSync(reviewFile(run), `\n${line}\n`);
    expect(() => readReview(run)).toThrow(InputError);
    expect(() => readReview(run)).toThrow(`${reviewFile(run)}, line 2: ${reason}`);
  });

  it("writes nothing for an action that is not valid, or into a folder that is gone", () => {
    const run = folder("invalid");
    expect(() => appendReview(run, { ...verdict, label: null })).toThrow("the verdict cannot be recorded: label");
    expect(readReview(run).actions).toEqual([]);
    expect(() => appendReview(`${run}/gone`, verdict)).toThrow(InputError);
  });

  it("loses no line of two processes at the same time, and none that was answered when one is killed", async () => {
    const run = folder("two");
    const child = fileURLToPath(new URL("../../test/support/review-child.mjs", import.meta.url));
    const start = (reviewer: string, count: string) =>
      spawn(process.execPath, [child, run, reviewer, count], { stdio: ["ignore", "pipe", "inherit"] });
    const [ann, bob] = [start("ann", "60"), start("bob", "100000")];
    let answered = 0;
    bob.stdout.on("data", (lines: Buffer) => {
      answered += lines.toString().split("\n").length - 1;
      if (answered >= 60) bob.kill("SIGKILL");
    });
    await Promise.all([once(ann, "close"), once(bob, "close")]);
    appendFileSync(reviewFile(run), '{"samples":');
    const { actions, notes } = readReview(run);
    const of = (name: string) => actions.filter(({ reviewer }) => reviewer === name).length;
    expect(of("ann")).toBe(60);
    expect(answered).toBeGreaterThanOrEqual(60);
    expect(of("bob")).toBeGreaterThanOrEqual(answered);
    expect(notes).toHaveLength(1);
  });
});
