// Files of the reviewed data, made by processes of their own: the data is read again, which can take a while.
import { execFile } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import type { ExportFormat } from "../../../review/index.js";
import { RequestError } from "../../../serving/index.js";
import { commandLine, exporter } from "./built.js";

const run = promisify(execFile);
/** Bytes of an export. */
const mostBytes = 500_000_000;

/** The text of an export, and the ending of its name. @throws RequestError with the reason why there is none. */
export async function exportReview(
  built: string,
  path: string,
  format: ExportFormat,
): Promise<{ readonly text: string; readonly ending: string }> {
  const { stdout } = await withErrorLine(
    run(process.execPath, [exporter(built), path, format], { maxBuffer: mostBytes }),
  );
  const end = stdout.indexOf("\n");
  return { ending: extname(stdout.slice(0, end)), text: stdout.slice(end + 1) };
}

export interface CorrectedFiles {
  readonly manifest: string;
  readonly pinned: string;
  /** Whether the manifest lists files; else it is a list for `labels`. */
  readonly listsFiles: boolean;
}

/** Writes the corrected data and the confirmed labels into the folder `review` of a run. @throws RequestError as `exportReview`. */
export async function writeCorrected(built: string, path: string): Promise<CorrectedFiles> {
  const folder = join(path, "review");
  mkdirSync(folder, { recursive: true });
  const number = claimNumber(folder);
  const [manifest, pinned] = [join(folder, `corrected-${number}.csv`), join(folder, `pinned-${number}.csv`)];
  const files = ["--out-manifest", manifest, "--out-pinned", pinned];
  try {
    await withErrorLine(run(process.execPath, [commandLine(built), "review", path, "--apply", ...files]));
  } catch (error) {
    rmSync(manifest, { force: true });
    throw error;
  }
  return { manifest, pinned, listsFiles: readFileSync(manifest, "utf8").startsWith("file,") };
}

/** The first number without a manifest, whose file is made, empty, so that no one else takes it. */
export function claimNumber(folder: string): number {
  for (let number = 1; ; number++) {
    try {
      closeSync(openSync(join(folder, `corrected-${number}.csv`), "wx"));
      return number;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

/** @throws RequestError with the process's own error line. */
async function withErrorLine<T>(ended: Promise<T>): Promise<T> {
  try {
    return await ended;
  } catch (error) {
    const { stderr = "", message } = error as Error & { readonly stderr?: string };
    const line = stderr.split("\n").findLast((text) => text.startsWith("error: "));
    throw new RequestError(400, line?.slice("error: ".length) ?? (message.split("\n")[0] as string));
  }
}
