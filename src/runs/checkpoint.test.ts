import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { InputError } from "../errors.js";
import { fromStored, tensor } from "../torch/index.js";
import { readCheckpoint, readNewestCheckpoint, saveCheckpoint } from "./checkpoint.js";
import type { Progress } from "./progress.js";

const folder = temporaryFolder();
const progress: Progress = {
  epoch: 3,
  step: 17,
  seed: 5,
  totals: { samples: 100, loss: 0.1 + 0.2, correct: 3, cleanCorrect: 2, wrong: 1, memorized: 0, seconds: 1 / 3 },
  best: { epoch: 1, validationAccuracy: 2 / 3, testAccuracy: null },
  startEpoch: null,
  collapsing: 0,
  samples: 7,
  detectionEpochs: [
    { trainLoss: 1 / 3, heldOutLoss: 0.1, heldOutError: 0.01, disagreement: 0.3, confidentDisagreement: 0.1 },
  ],
  seconds: 12.345678901234567,
};
const tensors = {
  model: new Map([
    [
      "weight",
      tensor([
        [1 / 3, -0],
        [1e-40, 2],
      ]),
    ],
    ["count", tensor(new BigInt64Array([2n ** 60n + 1n]))],
  ]),
  optimizer: new Map([["lr", tensor(0.1, { dtype: "float64" })]]),
  ema: new Map(),
  targets: new Map(),
  record: new Map(),
};

describe("a checkpoint", () => {
  it("gives back every bit of its tensors and of its place", () => {
    const run = folder("round trip");
    saveCheckpoint(run, "last", tensors, progress);
    const read = readCheckpoint(run, "last");
    expect(read.progress).toEqual(progress);
    for (const part of ["model", "optimizer"] as const) {
      const back = fromStored(read.tensors[part]);
      expect([...back.keys()].sort()).toEqual([...tensors[part].keys()].sort());
      for (const [name, value] of tensors[part]) {
        expect([back.get(name)?.dtype, back.get(name)?.shape]).toEqual([value.dtype, value.shape]);
        expect(back.get(name)?.bytes()).toEqual(value.bytes());
      }
    }
    expect(read.tensors.targets.size).toBe(0);
    expect(readdirSync(join(run, "checkpoint", "last")).sort()).toEqual([
      "model.safetensors",
      "optimizer.safetensors",
      "state.json",
    ]);
  });

  it("keeps the one before it, and the best apart", () => {
    const run = folder("generations");
    for (const epoch of [1, 2, 3]) saveCheckpoint(run, "last", tensors, { ...progress, epoch });
    saveCheckpoint(run, "best", tensors, { ...progress, epoch: 2 });
    const epochs = (["last", "previous", "best"] as const).map((name) => readCheckpoint(run, name).progress.epoch);
    expect(epochs).toEqual([3, 2, 2]);
    expect(readNewestCheckpoint(run)).toMatchObject({ damage: null, progress: { epoch: 3 } });
  });

  it("that lacks a file is refused by its name", () => {
    const run = folder("missing file");
    saveCheckpoint(run, "last", tensors, progress);
    rmSync(join(run, "checkpoint", "last", "optimizer.safetensors"));
    expect(() => readCheckpoint(run, "last")).toThrow(/is damaged: optimizer.safetensors is missing$/);
  });

  it("that was never saved is none, or refused when it is asked for", () => {
    const run = folder("none");
    expect(readNewestCheckpoint(run)).toBeNull();
    expect(() => readCheckpoint(run, "best")).toThrow(InputError);
    expect(() => readCheckpoint(run, "best")).toThrow(
      `${run} has no checkpoint "best": it is kept for runs with \`valFraction\``,
    );
  });
});
