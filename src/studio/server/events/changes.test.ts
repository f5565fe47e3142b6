import { appendFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../../test/support/temporary-folder.js";
import { changesSince } from "./changes.js";
import { cursorText, parseCursor, start } from "./cursor.js";

const folder = temporaryFolder();
const namesOf = (events: readonly { readonly name: string }[]) => events.map(({ name }) => name);

describe("the changes of a run since a cursor", () => {
  it("are the complete lines after it, once each", () => {
    const run = folder("growing", { "metrics.jsonl": '{"epoch":0}\n{"epoch":1}\n{"ep' });
    const first = changesSince(run, start);
    expect(first.events.map(({ data }) => data)).toEqual([{ epoch: 0 }, { epoch: 1 }]);
    expect(changesSince(run, first.cursor).events).toEqual([]);
    appendFileSync(join(run, "metrics.jsonl"), 'och":2}\n');
    writeFileSync(join(run, "steps.jsonl"), '{"epoch":2,"step":0}\n{"epoch":2,"step":5}\n');
    const second = changesSince(run, parseCursor(cursorText(first.cursor)));
    expect(second.events).toEqual([
      {
        name: "step",
        data: [
          { epoch: 2, step: 0 },
          { epoch: 2, step: 5 },
        ],
      },
      { name: "epoch", data: { epoch: 2 } },
    ]);
  });

  it("are all lines again after a reset, where a resumed run has cut a file off", () => {
    const run = folder("resumed", { "metrics.jsonl": '{"epoch":0}\n{"epoch":1}\n', "steps.jsonl": '{"step":0}\n' });
    const { cursor } = changesSince(run, start);
    writeFileSync(join(run, "metrics.new"), '{"epoch":0}\n{"epoch":1,"again":true}\n');
    renameSync(join(run, "metrics.new"), join(run, "metrics.jsonl"));
    const { events } = changesSince(run, cursor);
    expect(namesOf(events)).toEqual(["reset", "step", "epoch", "epoch"]);
    expect(events.at(-1)!.data).toEqual({ epoch: 1, again: true });
  });

  it("leave damaged lines out", () => {
    const run = folder("damaged", { "metrics.jsonl": '{"epoch":0}\nnonsense\n{"epoch":2}\n' });
    expect(changesSince(run, start).events.map(({ data }) => data)).toEqual([{ epoch: 0 }, { epoch: 2 }]);
  });

  it.each(["", "1:2", "-1.0:0.0:0.0", "1.1:1.1:1.1:1.1", "9".repeat(400), "a.b:c.d:e.f"])(
    "begin at the beginning for %j, which is no cursor",
    (text) => expect(parseCursor(text)).toEqual(start),
  );
});
