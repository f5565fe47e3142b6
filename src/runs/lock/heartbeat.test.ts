import { linkSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { startHeartbeat } from "./heartbeat.js";
import { type LockHolder, lockText } from "./lock-file.js";

const folder = temporaryFolder();
const holder: LockHolder = {
  pid: 1,
  host: "here",
  started: "2026-01-31T12:00:00.000Z",
  heartbeat: "2026-01-31T12:00:00.000Z",
};
const every = { first: 0, interval: 5 };
const heartbeatOf = (file: string) => (JSON.parse(readFileSync(file, "utf8")) as LockHolder).heartbeat;

it("a heartbeat is renewed in place while the main thread is busy, and never in another file of that name", async () => {
  const file = join(folder("beats"), "lock.json");
  writeFileSync(file, lockText(holder));
  const stop = startHeartbeat(file, holder, every);
  await vi.waitUntil(() => heartbeatOf(file) !== holder.heartbeat, { timeout: 20_000 });

  const before = heartbeatOf(file);
  const busyUntil = Date.now() + 20_000;
  while (heartbeatOf(file) === before && Date.now() < busyUntil);
  expect(heartbeatOf(file) > before).toBe(true);
  expect(readFileSync(file, "utf8")).toHaveLength(lockText(holder).length);

  const [other, old] = [{ ...holder, pid: 2 }, `${file}.old`];
  linkSync(file, old);
  writeFileSync(`${file}.new`, lockText(other));
  renameSync(`${file}.new`, file);
  const taken = heartbeatOf(old);
  await vi.waitUntil(() => heartbeatOf(old) > taken, { timeout: 20_000 });
  expect(heartbeatOf(file)).toBe(other.heartbeat);
  await stop();
});
