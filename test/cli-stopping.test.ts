// Ctrl-C saves and says how to go on; a second one ends at once.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { main } from "./support/command.js";
import { embeddings } from "./support/small-data.js";
import { temporaryFolder } from "./support/temporary-folder.js";

const folder = temporaryFolder();
// Called by node, not by npx, which may be what runs the tests.
const env = { ...process.env, OMP_NUM_THREADS: "1", npm_command: undefined };

interface Stopped {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Trains until the first epoch is over, then sends the signals, all at once. */
function trainUntil(cwd: string, words: readonly string[], ...signals: NodeJS.Signals[]): Promise<Stopped> {
  const child = spawn(process.execPath, [main, "train", "emb", "--width", "4", "--epochs", "100000", ...words], {
    cwd,
    env,
  });
  const said = { stdout: "", stderr: "" };
  const waiting = [...signals];
  child.stdout.on("data", (text) => {
    said.stdout += text;
  });
  child.stderr.on("data", (text) => {
    said.stderr += text;
    if (said.stderr.includes("epoch   0")) for (const signal of waiting.splice(0)) child.kill(signal);
  });
  return new Promise((resolve) => child.on("close", (status) => resolve({ status, ...said })));
}

const files = Object.fromEntries(Object.entries(embeddings(24)).map(([name, content]) => [`emb/${name}`, content]));

describe("a run that is stopped", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)("by %s saves, exits with %i, and says how to go on", async (signal, status) => {
    const cwd = folder(signal, files);
    const { stderr, ...rest } = await trainUntil(cwd, ["--out", "my run", "--threads", "1"], signal);
    expect(rest).toEqual({ status, stdout: "" });
    const [, epoch, command] = /stopped in epoch (\d+) after step \d+ and saved; to resume: (.+)\n$/.exec(stderr) ?? [];
    expect(command).toContain("train --resume --out 'my run' --threads 1");
    const state = JSON.parse(readFileSync(join(cwd, "my run", "checkpoint", "last", "state.json"), "utf8"));
    expect(state.progress.epoch).toBe(Number(epoch));
  });

  test("saves by SIGUSR1 and goes on", async () => {
    const cwd = folder("SIGUSR1", files);
    const words = ["train", "emb", "--width", "4", "--epochs", "100000", "--out", "run", "--threads", "1"];
    const child = spawn(process.execPath, [main, ...words], { cwd, env });
    const sent: NodeJS.Signals[] = ["SIGUSR1", "SIGINT"];
    const expected = ["epoch   0", "saving after this step"];
    let stderr = "";
    child.stderr.on("data", (text) => {
      stderr += text;
      if (expected[0] === undefined || !stderr.includes(expected[0])) return;
      expected.shift();
      child.kill(sent.shift());
    });
    const status = await new Promise((resolve) => child.on("close", resolve));
    expect({ status, sent }).toEqual({ status: 130, sent: [] });
  });

  test("goes on by the very command that it gave", async () => {
    const cwd = folder("copied", files);
    const { stdout } = await trainUntil(cwd, ["--out", "run", "--json", "--threads", "1"], "SIGINT");
    const { stopped, resume } = JSON.parse(stdout) as { stopped: { epoch: number }; resume: string };
    const child = spawn(resume, { cwd, shell: true, env, detached: true });
    const line = await new Promise<string>((resolve) => {
      let text = "";
      child.stderr.on("data", (chunk) => {
        text += chunk;
        const [found] = /epoch +\d+ {2}loss/.exec(text) ?? [];
        if (found !== undefined) resolve(found);
      });
      child.on("close", () => resolve(text));
    });
    if (child.exitCode === null) process.kill(-(child.pid as number), "SIGKILL");
    expect(line).toMatch(new RegExp(`epoch +${stopped.epoch} {2}loss`));
  });

  test("ends at once at the second signal", async () => {
    const cwd = folder("twice", files);
    const { status, stderr } = await trainUntil(cwd, ["--out", "run"], "SIGINT", "SIGTERM");
    expect([130, 143]).toContain(status);
    expect(stderr).not.toContain("to go on:");
  });
});
