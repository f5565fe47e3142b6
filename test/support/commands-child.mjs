// Runs one command after the other, as `selfadapt` does: `node commands-child.mjs '[["train", "photos"], ...]'`.
// Says, as one JSON array, the status and output of each, and which files it made or took away.
import { readdirSync } from "node:fs";
import { runCommand } from "../../dist/cli/program.js";

const say = process.stdout.write.bind(process.stdout);
const files = () => new Set(readdirSync(".", { recursive: true }));

async function outcomeOf(words) {
  const said = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"]) {
    process[name].write = (text) => {
      said[name] += text;
      return true;
    };
  }
  const before = files();
  const status = await runCommand(words);
  const after = files();
  const changed = [...before, ...after].filter((file) => !(before.has(file) && after.has(file)));
  return { status, ...said, changed };
}

const outcomes = [];
for (const words of JSON.parse(process.argv[2])) outcomes.push(await outcomeOf(words));
say(JSON.stringify(outcomes));
