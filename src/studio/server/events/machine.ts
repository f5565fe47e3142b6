// The load of this machine.
import { statfsSync } from "node:fs";
import { cpus, freemem, totalmem } from "node:os";
import type { z } from "zod";
import type { machineEvent, noteEvent } from "../../api.js";

export type Machine = z.output<typeof machineEvent>;

/** A disk with less than this holds few more checkpoints. */
const leastFree = 1e9;

/** Reads the load: of the processors, the fraction busy since the reading before. */
export function machineLoad(root: string): () => Machine {
  let before = processorTimes();
  return () => {
    const now = processorTimes();
    const total = now.total - before.total;
    const cpu = total > 0 ? Math.min(1, Math.max(0, 1 - (now.idle - before.idle) / total)) : 0;
    before = now;
    const memoryTotal = totalmem();
    return { cpu, cores: cpus().length, memoryUsed: memoryTotal - freemem(), memoryTotal, diskFree: freeDisk(root) };
  };
}

function processorTimes(): { readonly idle: number; readonly total: number } {
  const times = cpus().map((core) => core.times);
  const idle = times.reduce((sum, core) => sum + core.idle, 0);
  const total = times.reduce((sum, { user, nice, sys, irq }) => sum + user + nice + sys + irq, idle);
  return { idle, total };
}

/** Bytes that this user may still write; 0 where that is not known. */
function freeDisk(root: string): number {
  try {
    const { bavail, bsize } = statfsSync(root);
    return bavail * bsize;
  } catch {
    return 0;
  }
}

/** A note where the disk is nearly full. */
export function diskNote({ diskFree }: Machine): z.output<typeof noteEvent> | null {
  if (diskFree === 0 || diskFree >= leastFree) return null;
  const text = `only ${Math.round(diskFree / 1e6)} MB are free on the disk of the runs; a run that cannot save stops`;
  return { level: "warning", text };
}
