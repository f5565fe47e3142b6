// The command when nobody reads its output any more: a reader that ends, a full disk, a terminal that is closed.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { main } from "./support/command.js";
import { embeddings } from "./support/small-data.js";
import { temporaryFolder } from "./support/temporary-folder.js";

const folder = temporaryFolder();
const cwd = folder(
  "work",
  Object.fromEntries(Object.entries(embeddings(60)).map(([name, content]) => [`emb/${name}`, content])),
);
const env = { ...process.env, OMP_NUM_THREADS: "1" };
const train = `${process.execPath} ${main} train emb --model mlp --width 8 --epochs 20 --batch-size 8`;
const shell = (command: string) => spawnSync("bash", ["-c", command], { cwd, env, encoding: "utf8", timeout: 110_000 });
const epochsOf = (run: string) => readFileSync(join(cwd, run, "metrics.jsonl"), "utf8").split("\n").length - 1;

describe("training goes on to its end", () => {
  it("where the reader of all that it says has ended", () => {
    const { stdout } = shell(`set -o pipefail; ${train} --out piped 2>&1 | head -n 1; echo "status \${PIPESTATUS[0]}"`);
    expect(stdout.trimEnd().split("\n").at(-1)).toBe("status 0");
    expect([epochsOf("piped"), existsSync(join(cwd, "piped/summary.json"))]).toEqual([20, true]);
  });

  it.runIf(existsSync("/dev/full"))("where its log goes to a disk that is full", () => {
    const { status, stdout } = shell(`${train} --out logged --json 2> /dev/full`);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ run: "logged" });
    expect(epochsOf("logged")).toBe(20);
  });

  it.runIf(existsSync("/dev/full"))("and says in one line where its result cannot be written", () => {
    const { status, stderr } = shell(`${train} --out unprinted > /dev/full`);
    expect(status).toBe(1);
    expect(stderr).toContain("\nerror: the result cannot be written to stdout: the disk is full\n");
    expect(stderr).not.toMatch(/\bat .*:\d+:\d+/);
    expect(existsSync(join(cwd, "unprinted/report.html"))).toBe(true);
  });
});

// A pipe that is full, and that blocks no writer: a write fails with EAGAIN.
describe("a pipe that nobody reads", () => {
  const onFullPipe = (name: string, command: string) =>
    shell(`mkfifo ${name}; exec 3<>${name}; dd if=/dev/zero bs=4096 oflag=nonblock >&3 2> /dev/null; ${command}`);

  it("for the log: training goes on to its end, and the command ends", () => {
    const { status, stdout } = onFullPipe("log", `${train} --out unread --json 2>&3`);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ run: "unread" });
    expect(epochsOf("unread")).toBe(20);
  });

  it("for the result: training goes on to its end, and the result waits for its reader", () => {
    const reading = `until [ -e late/summary.json ]; do sleep 0.1; done; grep -a -o -m 1 '{.*}' < result; wait $!`;
    const { status, stdout } = onFullPipe("result", `${train} --out late --json >&3 2> /dev/null & ${reading}`);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ run: "late" });
    expect(epochsOf("late")).toBe(20);
  });
});

// `script` gives a command a terminal; the terminal is gone when `script` is killed.
describe.runIf(spawnSync("script", ["--version"]).status === 0)("when its terminal is closed", () => {
  /** Trains on a terminal that is closed after the first epoch; gives the exit status. */
  async function trainOnTerminal(name: string, words: string): Promise<string> {
    const status = join(cwd, `${name}.status`);
    const command = join(cwd, `${name}.sh`);
    writeFileSync(command, `trap "" HUP\n${train} --out ${name} ${words} &\nwait $!\necho $? > ${status}\n`);
    const terminal = spawn("script", ["-qec", `bash ${command}`, "/dev/null"], {
      cwd,
      env,
      stdio: "ignore",
      detached: true,
    });
    await vi.waitUntil(() => existsSync(join(cwd, name, "metrics.jsonl")), { timeout: 60_000 });
    terminal.kill("SIGKILL");
    await vi.waitUntil(() => existsSync(status) && readFileSync(status, "utf8") !== "", { timeout: 60_000 });
    return readFileSync(status, "utf8").trim();
  }

  it("training ends as it should, saved or finished, and never by a crash", async () => {
    const status = await trainOnTerminal("closed", "--epochs 60");
    expect(["0", "129"]).toContain(status);
    expect(existsSync(join(cwd, "closed", status === "0" ? "summary.json" : "checkpoint/last"))).toBe(true);
  });
});
