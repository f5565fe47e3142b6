import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

export default defineConfig({
  // The examples import the package by its name.
  resolve: {
    alias: [
      { find: /^selfadapt$/, replacement: source("index.ts") },
      { find: /^selfadapt\/inference$/, replacement: source("inference/index.ts") },
      { find: /^selfadapt\/torch$/, replacement: source("torch/index.ts") },
    ],
  },
  test: {
    projects: [
      // Loading libtorch costs a second, so tests share their processes; those of test/alone mock modules, register methods or change
      // the working directory, and have a process each.
      {
        extends: true,
        test: { name: "shared", include: ["{src,test}/**/*.test.ts"], exclude: ["test/alone/**"], isolate: false },
      },
      { extends: true, test: { name: "alone", include: ["test/alone/*.test.ts"] } },
    ],
    pool: "forks",
    maxWorkers: 2,
    // One thread a worker: two workers with two threads each spend their time waiting for one another.
    env: { OMP_NUM_THREADS: "1" },
    testTimeout: 60_000,
    onConsoleLog(log) {
      throw new Error(`a test printed: ${log.slice(0, 200)}`);
    },
  },
});
