// Command lines in the docs and in help texts name commands, flags and recipe keys that exist.
import { readFileSync } from "node:fs";
import { globSync } from "tinyglobby";
import { describe, expect, it } from "vitest";
import { createProgram } from "../src/cli/program.js";
import { recipeKeys } from "../src/runs/recipe/schema.js";
import { commandLinesIn, inlineFlagsIn } from "./support/command-lines.js";

const pages = globSync(["*.md", "docs/*.md", "docs/decisions/*.md", "examples/*.md", "recipes/**/*.yaml"]);
const helpTexts = globSync(["src/cli/**/*.ts"], { ignore: "**/*.test.ts" });

/** Flags of other programs: npm, torchrun, the benchmarks and scripts of this repository. */
const otherFlags = [
  "--ignore-scripts",
  "--omit",
  "--max-restarts",
  "--only",
  "--quick",
  "--record",
  "--scale",
  "--reference",
];

const flags = new Map<string, readonly string[]>();
for (const name of (await createProgram([])).commands.map((command) => command.name())) {
  const command = (await createProgram([name])).commands.find((each) => each.name() === name);
  flags.set(name, ["--help", ...(command?.options ?? []).map(({ long }) => long ?? "")]);
}
const everyFlag = new Set([...flags.values()].flat().concat("--version", otherFlags));

function problemsOf(text: string): string[] {
  return commandLinesIn(text).flatMap(({ line, command, flags: given, keys }) => {
    const known = flags.get(command);
    if (known === undefined) return [`${line}: there is no command ${command}`];
    const wrong = given.filter((flag) => !known.includes(flag)).map((flag) => `${command} has no ${flag}`);
    const unknown = keys
      .filter((key) => !(recipeKeys() as string[]).includes(key))
      .map((key) => `no recipe key ${key}`);
    return [...wrong, ...unknown].map((problem) => `${line}: ${problem}`);
  });
}

describe("the check of command lines", () => {
  it.each([
    ["selfadapt train x --lr 0.1 --seed 3   # comment --no-flag", []],
    ["`npx selfadapt evaluate RUN --data DATA`, then `--nothing`", []],
    ["selfadapt train x   for runs of attack --epsilons", []],
    ["selfadapt train x \\\n    --epoch 3", ["1: train has no --epoch"]],
    ["\nselfadapt teach x", ["2: there is no command teach"]],
    ["selfadapt cross-check x --folds 3", ["1: there is no command cross-check"]],
    ["selfadapt train x --set lr=1 --set rate=2", ["1: no recipe key rate"]],
  ])("reads %j", (text, problems) => expect(problemsOf(text)).toEqual(problems));
});

describe("command lines", () => {
  it.each([...pages, ...helpTexts])("of %s name commands, flags and keys that exist", (file) => {
    expect(problemsOf(readFileSync(file, "utf8"))).toEqual([]);
  });

  it.each(pages)("flags in the text of %s exist", (file) => {
    expect(inlineFlagsIn(readFileSync(file, "utf8")).filter((flag) => !everyFlag.has(flag))).toEqual([]);
  });
});
