// Where an archive is being extracted: a folder of the process, which no one takes for an extracted archive.
import { randomUUID } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";

const pattern = /^working-(\d+)-(.+)-[0-9a-f]{8}$/;

/** A new name, of this process and host. */
export const workingName = () => `working-${process.pid}-${hostname()}-${randomUUID().slice(0, 8)}`;

/** Removes what processes of this host that have ended left in a cache. */
export async function removeAbandoned(cache: string): Promise<void> {
  const names = await readdir(cache).catch(() => []);
  const abandoned = names.filter((name) => {
    const [, pid, host] = pattern.exec(name) ?? [];
    return pid !== undefined && host === hostname() && !isRunning(Number(pid));
  });
  for (const name of abandoned) await rm(join(cache, name), { recursive: true, force: true });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
