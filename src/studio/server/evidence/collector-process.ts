// Collects the evidence of a run in a process of its own: `node collector-process.js RUN OPTIONS`. Prints a line of JSON for each step.
import { InputError } from "../../../errors.js";
import { setThreads } from "../../../torch/index.js";
import { collectEvidence } from "./collect.js";

const [run = "", options = "{}"] = process.argv.slice(2);
const { threads, device } = JSON.parse(options) as { readonly threads?: number; readonly device?: string };

const print = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);

try {
  setThreads(threads);
  await collectEvidence(
    run,
    (progress, doing) => void print({ progress, doing }),
    device === undefined ? {} : { device },
  );
} catch (error) {
  const { message, stack } = error as Error;
  print({ error: message.split("\n", 1)[0] });
  if (!(error instanceof InputError)) process.stderr.write(`${stack}\n`);
  process.exitCode = 1;
}
