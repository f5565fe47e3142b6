// Command lines of `selfadapt` in texts: the docs, the README, the examples of a command's help.

export interface CommandLine {
  readonly line: number;
  readonly command: string;
  /** The flags, without their values. */
  readonly flags: readonly string[];
  /** The keys of `--set key=value`. */
  readonly keys: readonly string[];
}

/** Every `selfadapt COMMAND ...` of a text, to its quotes, its comment, two spaces or the end of the line. */
export function commandLinesIn(text: string): CommandLine[] {
  return joined(text).flatMap(({ line, content }) =>
    [...content.matchAll(/\bselfadapt ([a-z]+(?:-[a-z]+)*)((?: [^`"#\s]+)*)/g)].map(([, command = "", rest = ""]) => ({
      line,
      command,
      // What follows ` -- ` belongs to the command that `launch` starts.
      flags: flagsIn(rest.replace(/ -- .*/, "")),
      keys: [...rest.matchAll(/--set (\w+)=/g)].map(([, key = ""]) => key),
    })),
  );
}

/** Flags in backticks by themselves, such as `--seed` or `--seed 1`. */
export function inlineFlagsIn(text: string): string[] {
  return [...text.matchAll(/`(--[a-z][\w-]*)[^`\n]*`/g)].map(([, flag = ""]) => flag);
}

const flagsIn = (words: string) => [...words.matchAll(/(?<=^|\s)--[a-z][\w-]*/g)].map(([flag]) => flag);

/** The lines of a text, those that end in a backslash joined with the next. */
function joined(text: string) {
  const lines: { line: number; content: string }[] = [];
  let open = false;
  for (const [i, content] of text.split("\n").entries()) {
    const last = lines.at(-1);
    const continues = /\\$/.test(content);
    const words = content.replace(/\s*\\$/, "");
    if (open && last !== undefined) last.content += ` ${words.trim()}`;
    else lines.push({ line: i + 1, content: words });
    open = continues;
  }
  return lines;
}
