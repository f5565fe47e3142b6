// @ts-check
// Fails when an import of src/ points up or sideways.

import { wrongImports } from "./checks/layers.mjs";
import { report, sources } from "./checks/sources.mjs";

report(sources().flatMap(({ file, text }) => wrongImports(file, text)));
