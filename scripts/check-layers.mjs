// @ts-check
// Fails when an import of src/ points against the direction of the layers.

import { wrongImports } from "./checks/layers.mjs";
import { report, sources } from "./checks/sources.mjs";

report(sources().flatMap(({ file, text }) => wrongImports(file, text)));
