// Which methods are for `train` and which for `pretrain`.
import { InputError } from "../../errors.js";
import {
  learnsWithoutLabels,
  type Method,
  methods,
  selfSupervisedMethods,
  supervisedMethods,
} from "../../runs/recipe/schema.js";

export type CommandName = "train" | "pretrain";

export const objectivesOf = (command: CommandName): readonly string[] =>
  Object.keys(command === "pretrain" ? selfSupervisedMethods : supervisedMethods);

/** The command that a method belongs to. */
export const commandOf = (method: Method): CommandName => (learnsWithoutLabels(method) ? "pretrain" : "train");

/** @throws InputError for a method of the other command, naming it. */
export function requireOwnMethod(command: CommandName, objective: string): void {
  if (!Object.hasOwn(methods, objective)) return;
  const other = commandOf(objective as Method);
  if (other === command) return;
  const how = other === "pretrain" ? "without labels" : "from labels";
  throw new InputError(
    `--objective ${objective} learns ${how}: received it by ${command}; expected selfadapt ${other}, or one of ${objectivesOf(command).join(", ")}`,
  );
}
