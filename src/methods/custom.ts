// `custom`: an objective passed in code, which a recipe can only record.
import { InputError } from "../errors.js";
import { defineMethod } from "./method.js";

export const custom = defineMethod({
  name: "custom",
  title: "custom objective",
  family: "supervised",
  options: {},
  create() {
    throw new InputError("this run's objective is custom; pass it as { objective }");
  },
});
