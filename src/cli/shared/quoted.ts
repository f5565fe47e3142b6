// Shell quoting for printed commands.

/** Quotes a word for a shell if it has special characters. */
export const quoted = (word: string) => (/^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
