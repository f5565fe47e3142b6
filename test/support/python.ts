// The system's Python, which judges files that are meant for it.
import { spawnSync } from "node:child_process";

/** Whether a script ran to its end, and what it printed, errors included. */
export function python3(script: string, ...words: readonly string[]): { readonly ok: boolean; readonly said: string } {
  const { status, stdout, stderr } = spawnSync("/usr/bin/python3", ["-c", script, ...words], { encoding: "utf8" });
  return { ok: status === 0, said: `${stdout ?? ""}${stderr ?? ""}`.trim() };
}
