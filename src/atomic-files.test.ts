import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../test/support/temporary-folder.js";
import {
  appendAtomic,
  isUnfinished,
  withWriteErrors,
  writeFileAtomic,
  writeFilesAtomic,
  writeFolderAtomic,
} from "./atomic-files.js";
import { InputError } from "./errors.js";

const folder = temporaryFolder();
const content = (text: string) => new Map([["part", new TextEncoder().encode(text)]]);
const partOf = (path: string) => readFileSync(join(path, "part"), "utf8");

describe("a file", () => {
  it("is replaced, and no temporary file remains", () => {
    const root = folder("file", { name: "before" });
    writeFileAtomic(join(root, "name"), "after");
    expect(readFileSync(join(root, "name"), "utf8")).toBe("after");
    writeFileAtomic(join(root, "name"), Uint8Array.of(1, 2));
    expect([...readFileSync(join(root, "name"))]).toEqual([1, 2]);
    expect(readdirSync(root)).toEqual(["name"]);
  });

  it("grows by what is appended, or is made", () => {
    const path = join(folder("append"), "lines");
    appendAtomic(path, "one\n");
    appendAtomic(path, "two\n");
    expect(readFileSync(path, "utf8")).toBe("one\ntwo\n");
  });

  it.each(["EACCES", "EPERM", "EROFS", "EDQUOT", "EISDIR", "EEXIST", "ENAMETOOLONG"])(
    "refused for %s is refused in one line",
    (code) => {
      const denied = () => {
        throw Object.assign(new Error("the system's own words"), { code });
      };
      expect(() => withWriteErrors("runs/1", denied)).toThrow(InputError);
      expect(() => withWriteErrors("runs/1", denied)).toThrow(
        /^cannot write runs\/1: .*; (choose another path|free some space.*)$/,
      );
    },
  );

  it.skipIf(!existsSync("/dev/full"))("on a device that is full is refused in one line", () => {
    const path = join(folder("device"), "full");
    symlinkSync("/dev/full", path);
    expect(() => withWriteErrors(path, () => writeFileSync(path, "text"))).toThrow(
      `cannot write ${path}: the disk is full; free some space, then try again; a stopped run resumes with \`resume\``,
    );
  });

  it("below a file, or in a folder that is not there, is refused in one line", () => {
    const root = folder("below", { name: "" });
    for (const path of [join(root, "name", "below"), join(root, "nowhere", "file")]) {
      expect(() => writeFileAtomic(path, "text")).toThrow(InputError);
      expect(() => writeFileAtomic(path, "text")).toThrow(`cannot write ${path}: `);
    }
  });

  it("is not blamed for errors that the user cannot mend", () => {
    const own = () => {
      throw new RangeError("a bug");
    };
    expect(() => withWriteErrors("path", own)).toThrow(RangeError);
  });
});

describe("files written together", () => {
  const write = async (...names: string[]) => {
    for (const [i, name] of names.entries()) writeFileSync(name, `new ${i}`);
    return names.length;
  };
  const read = (root: string) => readdirSync(root).map((name) => readFileSync(join(root, name), "utf8"));

  it("are replaced once all of them are complete", async () => {
    const root = folder("together", { a: "old", b: "old" });
    const paths = [join(root, "a"), join(root, "b")];
    const watched = writeFilesAtomic(paths, async (...names) => {
      const count = await write(...names);
      expect(paths.map((path) => readFileSync(path, "utf8"))).toEqual(["old", "old"]);
      return count;
    });
    expect(await watched).toBe(2);
    expect(read(root)).toEqual(["new 0", "new 1"]);
  });

  it("stay as they were where one cannot be written", async () => {
    const root = folder("stays", { a: "old", b: "old" });
    const paths = [join(root, "a"), join(root, "b")];
    const failed = writeFilesAtomic(paths, async (...names) => {
      await write(...names);
      throw Object.assign(new Error("the system's words"), { code: "ENOSPC" });
    });
    await expect(failed).rejects.toThrow(`cannot write ${paths[0]} and ${paths[1]}: the disk is full`);
    expect(read(root)).toEqual(["old", "old"]);
  });

  it("leave other errors as they are", async () => {
    const path = join(folder("other"), "a");
    await expect(writeFilesAtomic([path], () => Promise.reject(new RangeError("a bug")))).rejects.toThrow(RangeError);
  });
});

describe("a folder", () => {
  it("is replaced whole, files of the old one gone", () => {
    const path = folder("replaced", { other: "x" });
    writeFolderAtomic(path, content("after"));
    expect(readdirSync(path)).toEqual(["part"]);
    expect(existsSync(`${path}.old`) || existsSync(`${path}.writing`)).toBe(false);
  });

  it("that is retired takes the place of the one retired before", () => {
    const root = folder("retired");
    const [path, retired] = [join(root, "last"), join(root, "previous")];
    for (const text of ["one", "two", "three"]) writeFolderAtomic(path, content(text), retired);
    expect([partOf(path), partOf(retired)]).toEqual(["three", "two"]);
    expect(readdirSync(root).sort()).toEqual(["last", "previous"]);
  });

  it("overwrites the temporary file of a killed process", () => {
    const root = folder("killed", { "best.writing/half": "x", "best.old/part": "older" });
    writeFolderAtomic(join(root, "best"), content("new"));
    expect(readdirSync(root)).toEqual(["best"]);
    expect(partOf(join(root, "best"))).toBe("new");
    const retired = folder("killed in retiring", { "last/part": "1", "previous.writing/half": "x" });
    writeFolderAtomic(join(retired, "last"), content("2"), join(retired, "previous"));
    expect(readdirSync(retired).sort()).toEqual(["last", "previous"]);
  });

  it("whose files cannot be written leaves the old one in place", () => {
    const path = folder("refused", { part: "before" });
    expect(() => writeFolderAtomic(path, new Map([["no/such/part", new Uint8Array(1)]]))).toThrow(InputError);
    expect(partOf(path)).toBe("before");
    expect(existsSync(`${path}.writing`)).toBe(false);
  });
});

it("what is still being written is known by its name", () => {
  expect(["recipe.yaml.writing", "recipe.yaml", "writing"].map(isUnfinished)).toEqual([true, false, false]);
});
