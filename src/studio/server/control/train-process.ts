// Training in a process of its own, which outlives the server.
import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { trainLog } from "../../../runs/run-folder.js";
import { RequestError } from "../../../serving/index.js";
import { commandLine } from "./built.js";

/**
 * Starts a command, given by its words, that trains into `run`; its log goes to the run's train.log. Resolves when `begun` says so.
 * @param begun looked at now and then
 * @throws RequestError with the command's own error line where it ends before.
 */
export async function startTraining(
  built: string,
  words: readonly string[],
  run: string,
  begun: () => boolean,
): Promise<void> {
  const log = openSync(join(run, trainLog), "a");
  const child = spawn(process.execPath, [commandLine(built), ...words], {
    detached: true,
    stdio: ["ignore", log, log],
  });
  closeSync(log);
  child.unref();
  await new Promise<void>((resolve, reject) => {
    const finish = (then: () => void) => {
      clearInterval(timer);
      child.off("exit", ended);
      then();
    };
    const ended = () =>
      finish(() => (begun() ? resolve() : reject(new RequestError(400, lastError(join(run, trainLog))))));
    const timer = setInterval(() => begun() && finish(resolve), 100);
    child.once("exit", ended);
    child.once("error", (error) => finish(() => reject(error)));
  });
}

/** The last error line of a log. */
function lastError(log: string): string {
  const lines = existsSync(log) ? readFileSync(log, "utf8").split("\n") : [];
  const error = lines.findLast((line) => line.startsWith("error: "));
  return error?.slice("error: ".length) ?? "the process ended before the run began";
}
