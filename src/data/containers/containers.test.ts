import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { imageVersion } from "./containers.js";

const folder = temporaryFolder();

it.each([
  ["a file", "cat/1.png", "cat/1.png"],
  ["an archive", "shard.tar", "shard.tar/1.png"],
])("the version of an image in %s changes with it", (_, file, image) => {
  const root = folder(file, { [file]: "one" });
  const before = imageVersion(join(root, image));
  expect(before).toMatch(/^3 \d/);
  writeFileSync(join(root, file), "three");
  expect(imageVersion(join(root, image))).toMatch(/^5 \d/);
  expect(imageVersion(join(root, "none/2.png"))).toBe("");
});
