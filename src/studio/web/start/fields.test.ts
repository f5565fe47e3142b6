import { describe, expect, it } from "vitest";
import { fieldGroups, recipeOf, shownGroups, valuesOf } from "./fields.js";

const groups = fieldGroups({
  pretrains: [],
  groups: [
    {
      ...{ title: "Run", objective: null },
      schema: {
        required: ["data", "epochs"],
        properties: {
          data: { type: "string", description: "folder" },
          objective: { enum: ["sat", "ce"], default: "sat" },
          epochs: { type: "integer", default: 200 },
          milestones: { type: "array", default: [] },
          nesterov: { type: "boolean", default: false },
          lr: { type: "number", defaultText: "0.1" },
        },
      },
    },
    { title: "Options of sat", objective: "sat", schema: { properties: { startEpoch: { anyOf: [] } } } },
  ],
});

describe("the form of a new run", () => {
  it("has a field for each key, with its default", () => {
    const fields = groups[0]?.fields ?? [];
    expect(fields.map(({ key, kind }) => [key, kind])).toEqual([
      ["data", "text"],
      ["objective", "choice"],
      ["epochs", "number"],
      ["milestones", "list"],
      ["nesterov", "boolean"],
      ["lr", "number"],
    ]);
    expect(fields.filter(({ isRequired }) => isRequired).map(({ key }) => key)).toEqual(["data"]);
    expect(fields.map((field) => field.default)).toEqual(["", "sat", "200", "", "false", "0.1"]);
  });

  it("makes a recipe of what is filled in, numbers as numbers, without other methods' options", () => {
    const values = { data: "photos", milestones: "3, 6", nesterov: "true", lr: "0.05", startEpoch: "auto", epochs: "" };
    const recipe = { data: "photos", milestones: [3, 6], nesterov: true, lr: 0.05 };
    expect(recipeOf(groups, values)).toEqual({ ...recipe, startEpoch: "auto" });
    expect(recipeOf(groups, { ...values, startEpoch: "12" })).toEqual({ ...recipe, startEpoch: 12 });
    expect(recipeOf(groups, { ...values, data: "2024" })).toMatchObject({ data: "2024" });
    expect(recipeOf(groups, { ...values, objective: "ce" })).toEqual({ ...recipe, objective: "ce" });
    expect(shownGroups(groups, { objective: "ce" })).toHaveLength(1);
  });

  it("begins with another run's recipe", () => {
    const recipe = { data: "photos", milestones: [3, 6], resolved: {}, startEpoch: null, nesterov: false };
    expect(valuesOf(groups, recipe)).toEqual({ data: "photos", milestones: "3, 6", nesterov: "false" });
  });
});
