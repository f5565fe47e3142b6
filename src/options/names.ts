// Names of options in messages: the library writes `valFraction`, the command line turns that into --val-fraction.

/**
 * An option as messages of the library write it, in backquotes; `withFlags` finds it there.
 * @example option("lr") // "`lr`"
 * @example option("device", "cpu") // "`device: cpu`"
 */
export function option(name: string, value?: unknown): string {
  return value === undefined ? `\`${name}\`` : `\`${name}: ${value}\``;
}

/** The flag of an option: `batchSize` is `--batch-size`. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** A message with each option written as its flag: "`device: cpu`" becomes "--device cpu". */
export function withFlags(message: string): string {
  return message.replace(/`([a-z][A-Za-z0-9]*)(?:: ([^`]*))?`/g, (_, name: string, value?: string) =>
    value === undefined ? flagOf(name) : `${flagOf(name)} ${value}`,
  );
}
