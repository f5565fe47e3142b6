// @ts-check
// Where setup reads and writes.

import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..", "..");
export const BUILD = join(ROOT, "build");
export const ADDON = join(BUILD, "Release", "selfadapt.node");
export const LIBTORCH_JSON = join(BUILD, "libtorch.json");
