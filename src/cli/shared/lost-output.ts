// Keeps working when output cannot be written: the terminal is closed, the reader has ended, the disk is full.
import { closeSync, openSync } from "node:fs";
import { isatty } from "node:tty";

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
};

/**
 * Logs that cannot be written are dropped. A result that cannot be written ends in status 1 with one line on stderr, or
 * silently when the reader has ended: `selfadapt ... | head`, or a closed terminal.
 */
export function surviveLostOutput(): void {
  process.stderr.on("error", () => {});
  process.stdout.on("error", ({ code = "" }: NodeJS.ErrnoException) => {
    if (code === "EPIPE" || code === "EIO") process.exit();
    process.exitCode = 1;
    process.stderr.write(`error: the result cannot be written to stdout: ${reasons[code] ?? code}\n`);
  });
  const terminals = [0, 1, 2].filter((descriptor) => isatty(descriptor));
  process.on("exit", () => {
    for (const descriptor of terminals) if (!isatty(descriptor)) replaceByNull(descriptor);
  });
}

/** Node restores the modes of its terminals as it exits, and crashes (SIGSEGV) where one is gone. */
function replaceByNull(descriptor: number): void {
  try {
    closeSync(descriptor);
    // The lowest free descriptor: this one.
    openSync("/dev/null", "r+");
  } catch {
    // There is no terminal to restore then either.
  }
}
