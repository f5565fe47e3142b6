import { readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { temporaryFolder } from "../../test/support/temporary-folder.js";
import { listFolder } from "./files.js";
import { cacheFolder } from "./folder-index.js";

const folder = temporaryFolder();
const names = (count: number) => Array.from({ length: count }, (_, i) => `${String(i).padStart(3, "0")}.jpg`);
const filled = (set: string, count = 500) => folder(set, Object.fromEntries(names(count).map((name) => [name, ""])));
const listed = async (path: string) => (await listFolder(path)).map(({ name }) => name);
const kept = () => {
  const indices = cacheFolder("folders") as string;
  return readdirSync(indices).map((name) => join(indices, name));
};
const later = (ms: number) => {
  const now = Date.now();
  vi.spyOn(Date, "now").mockReturnValue(now + ms);
};

/** Puts another name into the one index there is, so that what comes from it can be told. */
function forge(): void {
  const [place] = kept() as [string];
  writeFileSync(place, readFileSync(place, "utf8").replace("000.jpg", "forged.jpg"));
}

beforeEach(() => {
  vi.stubEnv("XDG_CACHE_HOME", folder(`cache ${expect.getState().currentTestName}`.replaceAll(/\W+/g, " ")));
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

describe("a folder of many names that has not changed for a while", () => {
  it("is listed from its index", async () => {
    const path = filled("same");
    folder("same", { "sub/inside.jpg": "" });
    later(20_000);
    const first = await listFolder(path);
    expect(first).toHaveLength(501);
    expect(first.at(-1)).toEqual({ name: "sub", isFolder: true });
    expect(await listFolder(path)).toEqual(first);
    forge();
    expect((await listed(path))[0]).toBe("forged.jpg");
  });

  it.each<[string, (path: string) => void]>([
    ["a name came", (path) => writeFileSync(join(path, "new.jpg"), "")],
    ["a name went", (path) => rmSync(join(path, "001.jpg"))],
    ["a name changed", (path) => renameSync(join(path, "001.jpg"), join(path, "other.jpg"))],
  ])("is read anew after %s", async (what, change) => {
    const path = filled(what);
    later(20_000);
    await listFolder(path);
    forge();
    change(path);
    expect(await listed(path)).toEqual(readdirSync(path).sort());
  });

  it("is read anew where another folder lies there", async () => {
    const path = filled("there");
    later(20_000);
    await listFolder(path);
    rmSync(path, { recursive: true });
    filled("there", 3);
    expect(await listed(path)).toEqual(names(3));
  });

  it.each(["", "null", "{}", '{"names":["a"]}', "[1"])("is read anew where its index holds %j", async (content) => {
    const path = filled("broken");
    later(20_000);
    await listFolder(path);
    for (const place of kept()) writeFileSync(place, content);
    expect(await listed(path)).toEqual(names(500));
  });

  it("is read where no index can be written", async () => {
    vi.stubEnv("XDG_CACHE_HOME", join(folder("no folder", { file: "" }), "file"));
    later(20_000);
    expect(await listed(filled("unkept"))).toEqual(names(500));
  });
});

describe("no index is kept", () => {
  it.each<[string, number, number, (path: string) => void]>([
    ["of a folder that changed lately", 500, 0, () => undefined],
    ["of few names", 499, 20_000, () => undefined],
    ["where a link may lead elsewhere tomorrow", 500, 20_000, (path) => symlinkSync(path, join(path, "link"))],
  ])("%s", async (what, count, ms, change) => {
    const path = filled(what, count);
    change(path);
    later(ms);
    await listFolder(path);
    expect(() => kept()).toThrow("ENOENT");
  });
});
