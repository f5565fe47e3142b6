// The scripts of the built package that the server runs as processes of their own.
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of the built package. */
export const ownFolder = fileURLToPath(new URL("../../../", import.meta.url));

/** Their paths. */
export const commandLine = (built: string) => join(built, "cli", "main.js");
export const exporter = (built: string) => join(built, "studio", "server", "control", "export-process.js");
export const collector = (built: string) => join(built, "studio", "server", "evidence", "collector-process.js");
