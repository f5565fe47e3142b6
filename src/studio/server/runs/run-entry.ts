// A line of the list of runs, from a few keys of the recipe, the lock and the last epoch, so that a thousand take a moment.
import { readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import type { z } from "zod";
import type { runEntry } from "../../api.js";
import type { FoundRun } from "./find-runs.js";
import { lastLine } from "./last-line.js";
import { stateOf } from "./run-status.js";

export type RunEntry = z.output<typeof runEntry>;

interface LastEpoch {
  readonly epoch?: number;
  readonly testAccuracy?: number | null;
}

export function readEntry({ id, path }: FoundRun): RunEntry {
  const recipe = recipeLines(path);
  const last = parseJson(lastLine(join(path, "metrics.jsonl")));
  return {
    id,
    status: stateOf(path).status,
    method: String(recipe.objective ?? ""),
    model: String(recipe.model ?? ""),
    data: basename(String(recipe.data ?? "")),
    epoch: (last.epoch ?? -1) + 1,
    epochs: Number(recipe.epochs ?? 0),
    testAccuracy: last.testAccuracy ?? null,
    changed: Math.max(...["metrics.jsonl", "recipe.yaml", "summary.json"].map((name) => modified(join(path, name)))),
  };
}

/** Some of the recipe's keys; a YAML parser takes several times as long as all the rest, so that only quoted values get one. */
function recipeLines(run: string): Record<string, unknown> {
  const text = readFileSync(join(run, "recipe.yaml"), "utf8");
  const lines = [...text.matchAll(/^(objective|model|data|epochs): (.+)$/gm)];
  return Object.fromEntries(lines.map(([, key, value = ""]) => [key, /^\w|^\//.test(value) ? value : parse(value)]));
}

function parseJson(line: string | null): LastEpoch {
  try {
    return JSON.parse(line ?? "{}") as LastEpoch;
  } catch {
    return {};
  }
}

function modified(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
