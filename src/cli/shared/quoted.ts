// Words of commands that are printed for the user to copy.

/** A word as a shell takes it back: in quotes where it holds anything but plain characters. */
export const quoted = (word: string) => (/^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
