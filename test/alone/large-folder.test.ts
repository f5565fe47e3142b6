import { expect, it, vi } from "vitest";
import type { Entry } from "../../src/data/files.js";
import { imagesBelowEach, startWalk } from "../../src/data/formats/folders/image-walk.js";

const count = 200_000;

vi.mock("../../src/data/files.js", async (actual) => ({
  ...(await actual<typeof import("../../src/data/files.js")>()),
  listEverything: async (): Promise<Entry[]> =>
    Array.from({ length: count }, (_, i) => ({ name: `${i}.png`, isFolder: false })),
}));

it("a folder of any number of images is read", async () => {
  const cats = { name: "cats", isFolder: true };
  const [images] = await imagesBelowEach(startWalk("/nonexistent"), [cats], "");
  expect(images).toHaveLength(count);
});
