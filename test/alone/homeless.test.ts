import { expect, test, vi } from "vitest";
import { listFolder } from "../../src/data/files.js";
import { cacheFolder } from "../../src/data/folder-index.js";
import { temporaryFolder } from "../support/temporary-folder.js";

vi.mock("node:os", async (original) => ({
  ...(await original<typeof import("node:os")>()),
  homedir() {
    throw new Error("no such user");
  },
}));

const folder = temporaryFolder();

test("a folder is read by a user without a home, as in containers", async () => {
  vi.stubEnv("XDG_CACHE_HOME", "");
  expect(cacheFolder("folders")).toBeNull();
  const listed = await listFolder(folder("homeless", { "1.jpg": "", "2.jpg": "" }));
  expect(listed.map(({ name }) => name)).toEqual(["1.jpg", "2.jpg"]);
});
