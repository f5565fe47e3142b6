// @ts-check
// What ends setup: one message for the person at the terminal, without a stack trace.

/** A failure that setup explains in its message; anything else thrown is a fault of setup's own. */
export class SetupError extends Error {}

/**
 * Ends setup with a message that says what is wrong and the command that puts it right.
 * @param {...string} lines
 * @returns {never}
 */
export function fail(...lines) {
  throw new SetupError(lines.join("\n"));
}
