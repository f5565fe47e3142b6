import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../test/support/temporary-folder.js";
import { InputError } from "../../errors.js";
import { lockRun } from "./lock.js";

const folder = temporaryFolder();
const lockOf = (run: string) => join(run, "lock.json");
const minutesAgo = (minutes: number) => new Date(Date.now() - 60_000 * minutes).toISOString();

/** The number of a process that has ended. */
const ended = spawnSync(process.execPath, ["-e", ""]).pid;

const holder = (changes: object) => {
  const started = minutesAgo(30);
  return `${JSON.stringify({ pid: ended, host: hostname(), started, heartbeat: minutesAgo(0.1), ...changes })}\n`;
};

/** A run folder with this lock. */
const locked = (name: string, changes: object) => folder(name, { "lock.json": holder(changes) });

describe("the lock of a run folder", () => {
  it("says who writes, since when, and is gone when disposed of, with the folders made for it", () => {
    const run = join(folder("new"), "a", "b");
    const before = Date.now();
    const lock = lockRun(run);
    const { pid, host, started, heartbeat } = JSON.parse(readFileSync(lockOf(run), "utf8")) as Record<string, string>;
    expect([pid, host]).toEqual([process.pid, hostname()]);
    for (const time of [started, heartbeat]) expect(Date.parse(time ?? "")).toBeGreaterThanOrEqual(before);
    expect(lock.note).toBeNull();
    lock.requireHeld();
    lock[Symbol.dispose]();
    expect(readdirSync(folder("new"))).toEqual([]);
  });

  it("stays with the folder's files where there are some", () => {
    const run = join(folder("kept"), "run");
    const lock = lockRun(run);
    writeFileSync(join(run, "recipe.yaml"), "");
    lock[Symbol.dispose]();
    expect(readdirSync(run)).toEqual(["recipe.yaml"]);
  });

  it("refuses a second writer, naming the first", () => {
    const run = folder("twice");
    using _ = lockRun(run);
    expect(() => lockRun(run)).toThrow(
      new RegExp(
        `^${run} is being written by process ${process.pid} on ${hostname()}, started .*Z; wait until it ends`,
      ),
    );
  });

  it.each([
    ["a living process of this host", { pid: process.ppid }],
    ["a process of another host with a fresh heartbeat", { host: "elsewhere" }],
  ])("is not taken from %s", (_, changes) => {
    const run = locked("alive", changes);
    expect(() => lockRun(run)).toThrow(InputError);
    expect(readdirSync(run)).toEqual(["lock.json"]);
  });

  it.each([
    ["a process of this host that has ended", {}],
    ["a process of another host without a heartbeat for a minute", { host: "elsewhere", heartbeat: minutesAgo(1.1) }],
    ["a living process without a heartbeat for a minute", { pid: process.ppid, heartbeat: minutesAgo(1.1) }],
    ["a process of this one's number before a restart", { pid: process.pid }],
  ])("is taken over from %s, with a note", (name, changes) => {
    const run = locked(name, changes);
    const { pid } = JSON.parse(holder(changes)) as { pid: number };
    using lock = lockRun(run);
    expect(lock.note).toContain(`took over the stale lock of process ${pid} on `);
    lock.requireHeld();
    expect(readdirSync(run)).toEqual(["lock.json"]);
  });

  it("is held by somebody while it is being written, and taken over where that never ended", () => {
    const run = folder("empty lock", { "lock.json": "" });
    expect(() => lockRun(run)).toThrow(`${run} is being written by another process; `);
    const old = new Date(Date.now() - 61_000);
    utimesSync(lockOf(run), old, old);
    using lock = lockRun(run);
    lock.requireHeld();
  });

  it("is refused during another process's takeover, but for one that was killed", () => {
    const run = locked("takeover", {});
    writeFileSync(`${lockOf(run)}.takeover`, holder({ pid: process.ppid }));
    expect(() => lockRun(run)).toThrow(`is being written by process ${process.ppid} on `);
    writeFileSync(`${lockOf(run)}.takeover`, holder({}));
    using lock = lockRun(run);
    lock.requireHeld();
  });

  it("stops a writer whose lock was taken over, and leaves the new one", () => {
    const run = folder("lost");
    const lock = lockRun(run);
    writeFileSync(lockOf(run), holder({ host: "elsewhere" }));
    expect(() => lock.requireHeld()).toThrow(`${run} was taken over by process ${ended} on elsewhere`);
    lock[Symbol.dispose]();
    expect(existsSync(lockOf(run))).toBe(true);
  });

  it("is written again where somebody deleted it", () => {
    const run = folder("deleted");
    using lock = lockRun(run);
    rmSync(lockOf(run));
    lock.requireHeld();
    expect(() => lockRun(run)).toThrow(InputError);
  });
});
