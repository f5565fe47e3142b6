// The methods of `train`, and those of `pretrain`.
import { didYouMean, InputError } from "../errors.js";
import { isMethod, methodNamed, methods } from "../methods/index.js";
import { option } from "../options/index.js";
import { CUSTOM } from "./model/custom-model.js";

export type CommandName = "train" | "pretrain";

/** The command that a method belongs to. @throws InputError for an unknown method. */
export const commandOf = (method: string): CommandName =>
  methodNamed(method).family === "self-supervised" ? "pretrain" : "train";

export const objectivesOf = (command: CommandName): readonly string[] =>
  methods()
    .map(({ name }) => name)
    .filter((name) => commandOf(name) === command);

/** @throws InputError for an unknown method, and for one of the other command, naming it. */
export function requireMethodOf(command: CommandName, objective: string): void {
  if (objective === CUSTOM) return;
  if (!isMethod(objective)) {
    const known = objectivesOf(command);
    throw new InputError(
      `${option("objective")}: received "${objective}"; expected one of ${known.join(", ")}${didYouMean(objective, known)}`,
    );
  }
  const other = commandOf(objective);
  if (other === command) return;
  const how = other === "pretrain" ? "without labels" : "from labels";
  throw new InputError(
    `${option("objective", objective)} trains ${how}: received it in ${command}; expected selfadapt ${other}, or one of ${objectivesOf(command).join(", ")}`,
  );
}
