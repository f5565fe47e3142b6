// Help texts and the version do not load libtorch.
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { createProgram } from "../src/cli/program.js";
import { selfadaptEach, type Traced } from "./support/command.js";
import { temporaryFolder } from "./support/temporary-folder.js";

const withoutEngine = fileURLToPath(new URL("support/without-engine.mjs", import.meta.url));
const names = (await createProgram([])).commands.map((command) => command.name());
const lines = [["--version"], ["--help"], ...names.map((name) => [name, "--help"])];
const cwd = temporaryFolder()("home", {});
let outcomes: Traced[];

beforeAll(() => {
  const env = { ...process.env, NODE_OPTIONS: `--import ${withoutEngine}` };
  outcomes = selfadaptEach([...lines, ["doctor"]], { cwd, env });
});

describe("where libtorch cannot be loaded", () => {
  test.each(lines.map((words, i) => [words.join(" "), i] as const))("selfadapt %s prints its text", (_, i) => {
    expect(outcomes[i]).toMatchObject({ status: 0, stderr: "", stdout: expect.stringMatching(/^(Usage: |\d)/) });
  });

  test("a command that computes names the addon and the line that builds it", () => {
    expect(outcomes.at(-1)).toMatchObject({ status: 1, stderr: expect.stringMatching(/did not load .* run: node /) });
  });
});
