import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { readNpy, writeNpy } from "./npy.js";
import { createNpyRows } from "./npy-stream.js";

const folder = temporaryFolder()("rows");
const path = join(folder, "rows.npy");

describe("a .npy file written row by row", () => {
  it("is the file of all rows at once, its header at a multiple of 64", async () => {
    const values = Float32Array.from({ length: 5 * 3 }, (_, i) => Math.sin(i));
    const rows = await createNpyRows(path, 3);
    for (const [start, end] of [
      [0, 6],
      [6, 6],
      [6, 15],
    ])
      await rows.append(values.subarray(start, end));
    expect(await rows.end()).toBe(5);
    expect(await readNpy(path)).toEqual({ data: values, shape: [5, 3] });
    const bytes = readFileSync(path);
    const whole = writeNpy(values, [5, 3]);
    expect(bytes.subarray(-60)).toEqual(Buffer.from(whole.subarray(-60)));
    expect((10 + bytes.readUInt16LE(8)) % 64).toBe(0);
    expect(bytes.length).toBe(10 + bytes.readUInt16LE(8) + 60);
  });

  it("may hold no row, and says so", async () => {
    expect(await (await createNpyRows(path, 7)).end()).toBe(0);
    expect((await readNpy(path)).shape).toEqual([0, 7]);
  });

  it("refuses a part of a row", async () => {
    const rows = await createNpyRows(path, 4);
    await expect(rows.append(new Float32Array(6))).rejects.toThrow("6 values for rows of 4");
    await rows.abandon();
  });
});
