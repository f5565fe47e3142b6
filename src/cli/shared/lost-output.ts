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

/** How long a command that is done waits for the reader of its log, in milliseconds. */
const patience = 2000;

/**
 * To be called when the command is done: ends without the last lines of a log that nobody reads, as of a stopped reader with a full
 * pipe, once nothing was read for two seconds. A result on stdout waits for its reader.
 */
export function abandonUnreadLogs(): void {
  const unread = process.stderr.writableLength;
  if (unread === 0) return;
  setTimeout(() => {
    const isRead = process.stderr.writableLength < unread;
    if (isRead || process.stdout.writableLength > 0) abandonUnreadLogs();
    else process.exit();
  }, patience).unref();
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
