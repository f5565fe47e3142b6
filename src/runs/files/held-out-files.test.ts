import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { writeNpy } from "../../data/index.js";
import { readHeldOut, truncateHeldOut, writeHeldOut } from "./held-out-files.js";

const folder = temporaryFolder();
const predictions = (first: number) => ({
  index: Int32Array.of(first, 70_001),
  probabilities: Float32Array.of(0.5, 0.25, 0.25, 0, 1, 0),
});

describe("predictions for samples held out", () => {
  it("are read back epoch by epoch, as they were written", () => {
    const run = folder("read-back");
    for (const epoch of [1, 0, 10]) writeHeldOut(run, epoch, predictions(epoch));
    expect([...readHeldOut(run)]).toEqual([predictions(0), predictions(1), predictions(10)]);
  });

  it("are none of a run that held none out", () => {
    expect([...readHeldOut(folder("none"))]).toEqual([]);
  });

  it("are dropped from the epoch on that is trained again", () => {
    const run = folder("resumed");
    for (const epoch of [0, 1, 2]) writeHeldOut(run, epoch, predictions(epoch));
    truncateHeldOut(run, 1);
    expect([...readHeldOut(run)]).toEqual([predictions(0)]);
  });

  it("are refused where a file is damaged", () => {
    const run = folder("damaged");
    writeHeldOut(run, 0, predictions(0));
    writeFileSync(join(run, "held-out", "0000.npy"), writeNpy(new Float32Array(4), [4]));
    expect(() => [...readHeldOut(run)]).toThrow(/0000\.npy is damaged: shape \(4\); expected float32 \(samples, 1/);
  });
});
