// Dependencies that only some commands need: `npm install --omit=optional` leaves them out.
import { InputError } from "./errors.js";

/** What reports are drawn with. */
export const reportPackages = ["vega", "vega-lite", "umap-js"];

/** An optional dependency that is not installed. */
export class MissingPackageError extends InputError {}

/**
 * Imports an optional dependency: `await optionalPackage("predicting with an ONNX model", ["onnxruntime-node"], () => import("onnxruntime-node"))`.
 *
 * @param use what needs the packages, the subject of the message
 * @throws MissingPackageError in one line with the command that installs them
 */
export async function optionalPackage<T>(use: string, packages: readonly string[], load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const missing = packages.find((name) => isMissing(name, error as NodeJS.ErrnoException));
    if (missing === undefined) throw error;
    throw new MissingPackageError(
      `${use} requires ${packages.join(", ")} (not installed: ${missing}); run: npm install ${packages.join(" ")}`,
    );
  }
}

const isMissing = (name: string, { code, message }: NodeJS.ErrnoException) =>
  code === "ERR_MODULE_NOT_FOUND" && message.includes(`package '${name}'`);
