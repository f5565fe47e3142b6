import { relative } from "node:path";
import { describe, expect, it } from "vitest";
import { picture } from "../../../test/support/picture-folder.js";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { listInputs } from "./list-inputs.js";

async function* chunks(...parts: string[]) {
  for (const part of parts) yield Buffer.from(part);
}

async function all(paths: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const path of paths) found.push(path);
  return found;
}

it("a folder's images may have no ending", async () => {
  const image = await picture(1, 4, 4);
  const path = temporaryFolder()("inputs", { "a/1.png": image, "a/2": image, notes: "text", "b.txt": "text" });
  const found = await all(await listInputs([path], chunks()));
  expect(found.map((file) => relative(path, file))).toEqual(["a/1.png", "a/2"]);
});

describe("a list of paths", () => {
  it.each([
    ["lines in pieces", ["a.p", "ng\nb", ".png\n\nc.png"], ["a.png", "b.png", "c.png"]],
    ["lines with carriage returns", ["a.png\r\nb.png\r\n"], ["a.png", "b.png"]],
    ["names ended by NUL, line ends within them", ["a.png\0b\n.png\0", "c.png\0"], ["a.png", "b\n.png", "c.png"]],
    ["nothing", [], []],
  ])("may be %s", async (_, parts, expected) => {
    expect(await all(await listInputs(["-"], chunks(...parts)))).toEqual(expected);
  });

  it("is read as it is asked for, and once", async () => {
    async function* endless() {
      for (let i = 0; ; i++) yield `${i}.png\n`;
    }
    for await (const path of await listInputs(["-"], endless())) if (path === "1000.png") break;
    await expect(listInputs(["-", "-"], chunks())).rejects.toThrow('"-" is given more than once');
    await expect(listInputs([], chunks())).rejects.toThrow("no inputs");
  });

  it("keeps letters whole that chunks cut through", async () => {
    const bytes = Buffer.from("ü.png\n");
    async function* cut() {
      yield bytes.subarray(0, 1);
      yield bytes.subarray(1);
    }
    expect(await all(await listInputs(["-"], cut()))).toEqual(["ü.png"]);
  });
});
