// Help texts and the version load no native library: neither libtorch nor sharp.
import { beforeAll, describe, expect, test } from "vitest";
import { createProgram } from "../src/cli/program.js";
import { selfadaptEach, type Traced } from "./support/command.js";
import { photos } from "./support/small-data.js";
import { temporaryFolder } from "./support/temporary-folder.js";

const folder = temporaryFolder();
const withoutAddons = "--import=data:text/javascript,process.dlopen=()=>{throw(Error(1))}";
const names = (await createProgram([])).commands.map((command) => command.name());
const lines = [["--version"], ["--help"], ...names.map((name) => [name, "--help"])];
let outcomes: Traced[];

beforeAll(async () => {
  const cwd = folder("home", await photos(["cat", "dog"], { each: 2 }));
  const env = { ...process.env, NODE_OPTIONS: withoutAddons };
  outcomes = selfadaptEach([...lines, ["doctor"], ["inspect", "."]], { cwd, env });
});

describe("where no native library can be loaded", () => {
  test.each(lines.map((words, i) => [words.join(" "), i] as const))("selfadapt %s prints its text", (_, i) => {
    expect(outcomes[i]).toMatchObject({ status: 0, stderr: "", stdout: expect.stringMatching(/^(Usage: |\d)/) });
  });

  test("a command that computes says how libtorch's addon is built", () => {
    expect(outcomes.at(-2)).toMatchObject({ status: 1, stderr: expect.stringMatching(/did not load .* run: node /) });
  });

  test("a command that reads images says how sharp is installed", () => {
    const message = /^error: reading images requires the native part of sharp.* run: npm install @img\/sharp-/;
    expect(outcomes.at(-1)).toMatchObject({ status: 2, stderr: expect.stringMatching(message) });
  });
});

test("pretrain --help leaves out options that need labels", () => {
  const helpOf = (command: string) => outcomes[lines.findIndex(([name]) => name === command)]!.stdout;
  expect(helpOf("train")).toContain("--class-weights");
  expect(helpOf("pretrain")).not.toMatch(/--class-weights|--mc-passes|--val-fraction|--pinned|--sampling/);
});
