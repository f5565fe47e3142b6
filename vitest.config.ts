import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
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
