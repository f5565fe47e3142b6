// @ts-check
// Finds a Python with PyTorch or torchvision: the one on the PATH, or the system's.

import { spawnSync } from "node:child_process";

/**
 * The first Python that imports a module, with the module's version; null where none does.
 * @param {"torch" | "torchvision"} module
 * @returns {{ program: string, version: string } | null}
 */
export function findPython(module) {
  for (const program of ["python3", "/usr/bin/python3"]) {
    const { status, stdout } = spawnSync(program, ["-c", `import ${module}; print(${module}.__version__)`], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    if (status === 0) return { program, version: stdout.trim() };
  }
  return null;
}
