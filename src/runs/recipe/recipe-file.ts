// Reads recipes and single values from YAML.
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { InputError } from "../../errors.js";

/** @throws InputError with the parser's reason for invalid YAML. */
export function parseYaml(text: string, what: string): unknown {
  try {
    return parse(text, { logLevel: "error", merge: true });
  } catch (error) {
    throw new InputError(`${what} is not valid YAML: ${(error as Error).message.split("\n")[0]?.replace(/:$/, "")}`);
  }
}

function readText(path: string, what: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new InputError(`${what} ${path} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/**
 * The keys and values of a YAML file; `kind` is what it should be, such as "recipe".
 * @throws InputError when it cannot be read, is not valid YAML, or holds no keys.
 */
export function readYamlFile(path: string, kind: string): Record<string, unknown> {
  const contents = parseYaml(readText(path, kind), `${kind} ${path}`);
  if (typeof contents === "object" && contents !== null && !Array.isArray(contents)) return { ...contents };
  throw new InputError(`${kind} ${path} holds no ${kind}; expected lines of key: value, such as ${examples[kind]}`);
}

const examples: Readonly<Record<string, string>> = { recipe: "data: ./photos", study: "title: My sweep" };

/** A recipe's keys, without the part that a run resolved. @throws InputError as `readYamlFile`. */
export function readRecipeFile(path: string): Record<string, unknown> {
  const { resolved, ...recipe } = readYamlFile(path, "recipe");
  return recipe;
}
