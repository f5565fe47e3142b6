// Type-checks the TypeScript blocks of Markdown pages against the sources, as users of the package would see them.
import { join, resolve } from "node:path";
import ts from "typescript";

const root = resolve(import.meta.dirname, "..", "..");

/** A block of code: where it would lie in the repository, and its text. */
export interface Snippet {
  readonly path: string;
  readonly text: string;
}

/** The blocks of a page that are fenced as `ts`. */
export function blocksIn(page: string): string[] {
  return [...page.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code ?? "");
}

/**
 * What the compiler says of the snippets, one line each.
 * @param extra lines that files of the repository have besides their own, by path
 */
export function problemsOf(snippets: readonly Snippet[], extra: Readonly<Record<string, string>> = {}): string[] {
  const texts = new Map(snippets.map(({ path, text }) => [join(root, path), text]));
  const options = compilerOptions();
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  const added = (path: string) => extra[path.slice(root.length + 1)];
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  host.readFile = (path) => texts.get(path) ?? readFile(path);
  host.getSourceFile = (path, target) => {
    const text = texts.get(path) ?? (added(path) === undefined ? undefined : `${readFile(path)}\n${added(path)}`);
    return text === undefined ? getSourceFile(path, target) : ts.createSourceFile(path, text, target);
  };
  const program = ts.createProgram([...texts.keys()], options, host);
  return [...texts.keys()].flatMap((path) => {
    const file = program.getSourceFile(path) as ts.SourceFile;
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return found.map(
      ({ messageText }) => `${path.slice(root.length + 1)}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`,
    );
  });
}

/** Those of the check, but for names that a snippet leaves unused. */
function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, "tsconfig.check.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  return { ...options, noUnusedLocals: false, noUnusedParameters: false };
}
