import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { InputError } from "../../errors.js";
import { parseWeights, readWeightsFile } from "./weights-file.js";

const fixture = (name: string) => fileURLToPath(new URL(`../../../test/fixtures/weights/${name}`, import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "weights-file-"));
afterAll(() => rmSync(folder, { recursive: true }));

it.each(["resnet18-bw8.safetensors", "resnet18-bw8.pth", "resnet18-bw8-legacy.tar"])(
  "recognizes %s by its content, whatever its name",
  async (name) => {
    const misnamed = join(folder, "weights.bin");
    copyFileSync(fixture(name), misnamed);
    const tensors = await readWeightsFile(misnamed);
    expect(tensors.size).toBe(122);
    expect(tensors.get("conv1.weight")?.shape).toEqual([8, 3, 3, 3]);
  },
);

it("names a file that is missing, and a folder, in one line", async () => {
  const missing = join(folder, "none.pth");
  await expect(readWeightsFile(missing)).rejects.toThrow(InputError);
  await expect(readWeightsFile(missing)).rejects.toThrow(/none\.pth: ENOENT[^\n]*$/);
  await expect(readWeightsFile(folder)).rejects.toThrow(InputError);
});

it("says how an unknown file starts, and what is expected", () => {
  expect(() => parseWeights(Buffer.from("GIF89a"), "cat.gif")).toThrow(
    /^cat\.gif: starts with bytes 474946383961; expected/,
  );
  expect(() => parseWeights(new Uint8Array(0), "none")).toThrow(/^none: the file is empty/);
});
