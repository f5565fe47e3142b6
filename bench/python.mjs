// @ts-check
// Finds a Python that has PyTorch: the one on the PATH, or the system's.

import { spawnSync } from "node:child_process";

/**
 * The first Python that imports torch, with its version; null where none does.
 * @returns {{ program: string, version: string } | null}
 */
export function findPyTorch() {
  for (const program of ["python3", "/usr/bin/python3"]) {
    const { status, stdout } = spawnSync(program, ["-c", "import torch; print(torch.__version__)"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    if (status === 0) return { program, version: stdout.trim() };
  }
  return null;
}
