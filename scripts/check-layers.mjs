// @ts-check
// Fails when an import of src/ points up or sideways, or when imports form a cycle.

import { importCycles, wrongImports } from "./checks/layers.mjs";
import { report, sources } from "./checks/sources.mjs";

const all = sources();
report([...all.flatMap(({ file, text }) => wrongImports(file, text)), ...importCycles(all)]);
