import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { writeNpy } from "../../data/index.js";
import type { PredictorInput } from "../predictor.js";
import { readArraySamples } from "./array-samples.js";

const folder = temporaryFolder();
const input: PredictorInput = { kind: "images", channels: 3, height: 2, width: 2, range: [0, 1] };
const gray: PredictorInput = { ...input, channels: 1 };
const planes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
const interleaved = Uint8Array.of(1, 5, 9, 2, 6, 10, 3, 7, 11, 4, 8, 12);

async function read(values: Uint8Array | Float32Array, shape: readonly number[], model = input) {
  const path = join(folder(shape.join("x"), { "x.npy": writeNpy(values, shape) }), "x.npy");
  const { samples, values: read } = await readArraySamples(path, model);
  return { samples, type: read.constructor.name, values: [...read] };
}

describe("arrays of images", () => {
  it.each([
    ["channels first", planes, [1, 3, 2, 2]],
    ["channels last", interleaved, [1, 2, 2, 3]],
  ] as const)("are read as in training: %s, bytes and floats", async (_, bytes, shape) => {
    expect(await read(bytes, shape)).toEqual({ samples: 1, type: "Uint8Array", values: [...planes] });
    const floats = Float32Array.from(bytes);
    expect(await read(floats, shape)).toEqual({ samples: 1, type: "Float32Array", values: [...planes] });
  });

  it("of one channel are read with and without its axis", async () => {
    const expected = { samples: 3, type: "Uint8Array", values: [...planes] };
    for (const shape of [
      [3, 2, 2],
      [3, 1, 2, 2],
      [3, 2, 2, 1],
    ])
      expect(await read(planes, shape, gray)).toEqual(expected);
  });

  it.each([
    [[3, 2, 2], input],
    [[1, 2, 3, 2], input],
    [[3, 2, 2], { kind: "features", shape: [4] } as PredictorInput],
  ] as const)("of another shape are refused: %j", async (shape, model) => {
    await expect(read(planes, shape, model)).rejects.toThrow(
      /x\.npy has shape \(.*\); the model takes .* of shape \(n, /,
    );
  });
});
