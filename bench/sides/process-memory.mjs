// @ts-check
// What this process holds, as Linux tells it. (getrusage's peak would count what the parent held when it forked.)

import { readFileSync } from "node:fs";

/**
 * A line of /proc/self/status in bytes; null on other systems.
 * @param {"VmRSS" | "VmHWM"} field the resident size, now or at its peak
 * @returns {number | null}
 */
export function memory(field) {
  try {
    const status = readFileSync("/proc/self/status", "utf8");
    return 1024 * Number(new RegExp(`^${field}:\\s*(\\d+) kB$`, "m").exec(status)?.[1]);
  } catch {
    return null;
  }
}
