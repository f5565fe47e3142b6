import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { InputError } from "../../errors.js";
import { type NpyData, writeNpy } from "./npy.js";
import { readProbabilities } from "./probability-file.js";

const folder = temporaryFolder();
const read = (name: string, data: NpyData, shape: readonly number[]) =>
  readProbabilities(join(folder(name, { "p.npy": writeNpy(data, shape) }), "p.npy"));

describe("probabilities in a file", () => {
  it("are read row by row, from float64 too", async () => {
    const { probabilities, samples, classes } = await read("good", Float64Array.of(0.2, 0.8, 0.5, 0.5, 1, 0), [3, 2]);
    expectAllClose(probabilities, [0.2, 0.8, 0.5, 0.5, 1, 0]);
    expect([samples, classes]).toEqual([3, 2]);
  });

  it.each([
    ["negative", [0.5, 0.5, -0.1, 1.1], "row 1: -0.1"],
    ["nan", [Number.NaN, 0.5, 0.5, 0.5], "row 0: NaN"],
    ["infinite", [0.5, 0.5, Number.POSITIVE_INFINITY, 0], "row 1: Infinity"],
    ["no-distribution", [0.5, 0.5, 0.5, 0.3], "row 1: sums to 0.8000; expected 1"],
  ])("that are %s are refused, the row named", async (name, values, saying) => {
    const refusal = read(name, Float64Array.from(values), [2, 2]);
    await expect(refusal).rejects.toThrow(InputError);
    await expect(refusal).rejects.toThrow(saying);
  });

  it("of another shape or kind are refused", async () => {
    await expect(read("flat", Float32Array.of(1, 0), [2])).rejects.toThrow("float32 of shape (2)");
    await expect(read("one", Float32Array.of(1, 1), [2, 1])).rejects.toThrow("shape (2, 1)");
    await expect(read("whole", Uint8Array.of(1, 0), [1, 2])).rejects.toThrow("uint8 of shape (1, 2)");
  });
});
