// Every long command when its log cannot be written: it does its work, and its result is whole.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { writeNpy } from "../src/data/index.js";
import { main } from "./support/command.js";
import { embeddings } from "./support/small-data.js";
import { temporaryFolder } from "./support/temporary-folder.js";

const study = `
title: One method
shows: Nothing.
profiles:
  cpu:
    set: { model: mlp, width: 4, epochs: 2, batchSize: 4 }
    rows: [{ name: Cross entropy, set: { objective: ce } }]
`;
const folder = temporaryFolder();
const tables = Object.entries({ ...embeddings(30), ...embeddings(30, "test") });
const cwd = folder("work", {
  ...Object.fromEntries(tables.map(([name, content]) => [`emb/${name}`, content])),
  "one.yaml": study,
  "images.npy": writeNpy(new Uint8Array(2 * 3 * 16 * 16), [2, 3, 16, 16]),
});
const env = { ...process.env, OMP_NUM_THREADS: "1" };
const shell = (command: string) => spawnSync("bash", ["-c", command], { cwd, env, encoding: "utf8" });
const selfadapt = (words: string) => `${process.execPath} ${main} ${words}`;

const data = "shapes:train=40,test=20,size=16,seed=3";
const tiny = "--model mlp --width 4 --augment none --epochs 1 --batch-size 8 --threads 1";

beforeAll(() => {
  expect(shell(selfadapt(`train ${data} ${tiny} --out run --json`)).status).toBe(0);
});

const commands = {
  pretrain: `pretrain ${data} ${tiny} --dimension 8 --head-width 8 --out backbone`,
  evaluate: "evaluate run",
  attack: "attack run --attack pgd --steps 2 --limit 4",
  probe: `probe run --data ${data} --methods knn`,
  issues: "issues run",
  embed: "embed run images.npy --out embeddings.npy",
  reproduce: "reproduce one.yaml --data emb --out study --jobs 1",
};

describe.runIf(existsSync("/dev/full"))("a log on a disk that is full", () => {
  it.each(Object.entries(commands))("does not stop %s", (_, words) => {
    const { status, stdout } = shell(`${selfadapt(words)} --json 2> /dev/full`);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual(expect.any(Object));
  });
});

describe("a log whose reader has ended", () => {
  it.each([
    ["pretrain", `${commands.pretrain}-2`, "backbone-2/summary.json"],
    ["attack", `${commands.attack} --out attacked`, "attacked/results.json"],
  ])("does not stop %s", (_, words, written) => {
    const { stdout } = shell(`${selfadapt(words)} 2>&1 | true; echo "\${PIPESTATUS[0]}"`);
    expect(stdout.trim()).toBe("0");
    expect(existsSync(`${cwd}/${written}`)).toBe(true);
  });
});
