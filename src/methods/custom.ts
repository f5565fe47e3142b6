// `custom`: an objective of the caller's own, which recipes can record and not make.
import { InputError } from "../errors.js";
import { defineMethod } from "./method.js";

export const custom = defineMethod({
  name: "custom",
  title: "an objective of the caller's own",
  family: "supervised",
  options: {},
  create() {
    throw new InputError("this run's objective is custom; pass it as { objective }");
  },
});
