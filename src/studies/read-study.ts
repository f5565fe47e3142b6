// Finds studies: those of the package by name, others by file.
import { readdirSync } from "node:fs";
import { basename, dirname, extname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { didYouMean, InputError } from "../errors.js";
import { option } from "../options/index.js";
import { readYamlFile } from "../runs/recipe/recipe-file.js";
import { type Profile, parseStudy, type Study } from "./schema.js";

const builtInFolder = fileURLToPath(new URL("../../recipes/studies/", import.meta.url));

export interface FoundStudy {
  readonly name: string;
  /** That the study's recipes are named from. */
  readonly folder: string;
  readonly study: Study;
}

/** The names of the studies that come with the package. */
export function builtInStudies(): string[] {
  return readdirSync(builtInFolder)
    .filter((file) => extname(file) === ".yaml")
    .map((file) => basename(file, ".yaml"))
    .sort();
}

/** A study by its name or its file. @throws InputError when there is none, or it is not well formed. */
export function readStudy(table: string): FoundStudy {
  const isFile = /\.ya?ml$/.test(table);
  const known = builtInStudies();
  if (!isFile && !known.includes(table)) {
    const hint = didYouMean(table, known);
    throw new InputError(`unknown table "${table}"; expected ${known.join(", ")} or a study's .yaml file${hint}`);
  }
  const path = isFile ? resolve(table) : resolve(builtInFolder, `${table}.yaml`);
  const study = parseStudy(readYamlFile(path, "study"), table);
  return { name: basename(path, extname(path)), folder: dirname(path), study };
}

/** The profile of that name; without one `cpu`, else the study's first. @throws InputError for a name it lacks. */
export function chooseProfile({ study, name: table }: FoundStudy, asked?: string): { name: string; profile: Profile } {
  const names = Object.keys(study.profiles);
  const name = asked ?? (names.includes("cpu") ? "cpu" : (names[0] ?? ""));
  const profile = study.profiles[name];
  if (profile !== undefined) return { name, profile };
  const hint = didYouMean(name, names);
  throw new InputError(`${option("profile")}: received "${name}"; ${table} has ${names.join(", ") || "none"}${hint}`);
}
