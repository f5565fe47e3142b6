// Training in a process of its own, which outlives the server.
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { trainLog } from "../../../runs/run-folder.js";
import { RequestError } from "../../../serving/index.js";

const main = fileURLToPath(new URL("../../../cli/main.js", import.meta.url));

/** How a command of this package is run: the words before its own. */
export type Command = readonly [file: string, ...words: string[]];

export const ownCommand: Command = [process.execPath, main];

/**
 * Starts a command that trains into `run`; its log goes to the run's train.log. Resolves when `begun` says so.
 * @param begun looked at now and then
 * @throws RequestError with the command's own error line where it ends before.
 */
export async function startTraining(
  [file, ...before]: Command,
  words: readonly string[],
  run: string,
  begun: () => boolean,
): Promise<void> {
  const log = openSync(join(run, trainLog), "a");
  const child = spawn(file, [...before, ...words], { detached: true, stdio: ["ignore", log, log] });
  closeSync(log);
  child.unref();
  await new Promise<void>((resolve, reject) => {
    const timer = setInterval(() => begun() && end(resolve), 100);
    const end = (then: () => void) => {
      clearInterval(timer);
      then();
    };
    child.once("error", (error) => end(() => reject(error)));
    child.once("exit", () =>
      end(() => (begun() ? resolve() : reject(new RequestError(400, lastError(join(run, trainLog)))))),
    );
  });
}

/** The last error line of a log. */
function lastError(log: string): string {
  const lines = readFileSync(log, "utf8").split("\n");
  const error = lines.findLast((line) => line.startsWith("error: "));
  return error?.slice("error: ".length) ?? "the process ended before the run began";
}
