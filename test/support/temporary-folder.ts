// A folder for the files of one test file, removed when its tests are done.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";

/** Writes files below a folder of their own, named by `set` and their path, and gives that folder's path. */
export function temporaryFolder() {
  const root = mkdtempSync(join(tmpdir(), "selfadapt-test-"));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  return (set: string, files: Readonly<Record<string, Uint8Array | string>> = {}): string => {
    const folder = join(root, set);
    mkdirSync(folder, { recursive: true });
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    return folder;
  };
}
