// The ranks that torchrun starts are those of `--nproc`.
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";
import { distributed } from "../src/torch/index.js";
import { main } from "./support/command.js";
import { run, runProgram } from "./support/ranks.js";
import { embeddings } from "./support/small-data.js";
import { temporaryFolder } from "./support/temporary-folder.js";

const folder = temporaryFolder();
const path = (process.env.PATH ?? "").split(delimiter).map((place) => join(place, "torchrun"));
const torchrun = path.find((file) => existsSync(file));
const data = Object.fromEntries(Object.entries(embeddings(40)).map(([name, content]) => [`emb/${name}`, content]));

describe.skipIf(torchrun === undefined || !distributed.hasGloo())("under torchrun, where one is on the PATH,", () => {
  test("two processes train as by --nproc 2", async () => {
    const cwd = folder("runs", data);
    const words = ["train", "emb", "--width", "4", "--epochs", "2"];
    const launch = ["--standalone", "--nproc-per-node", "2", "--no-python", process.execPath];
    // The stores of libtorch 1.13 and of torchrun 2.x speak different protocols.
    const variables = { TORCH_DISABLE_SHARE_RDZV_TCP_STORE: 1 };
    const [under, by] = await Promise.all([
      runProgram(String(torchrun), [...launch, main, ...words, "--out", "under"], cwd, variables),
      run([main, ...words, "--out", "by", "--nproc", "2"], cwd),
    ]);
    expect([under.status, by.status], under.stderr).toEqual([0, 0]);
    const [one, other] = ["under", "by"].map((name) => readFileSync(join(cwd, name, "targets.npy")));
    expect(one?.equals(other as Buffer)).toBe(true);
  });
});
