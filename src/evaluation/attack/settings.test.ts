import { describe, expect, it } from "vitest";
import { attackNames } from "../../attacks/index.js";
import { parseRecipe } from "../../runs/recipe/schema.js";
import { createAttacks } from "./create-attacks.js";
import { settingsOf } from "./settings.js";

const recipe = parseRecipe({ data: "photos" });

describe("an attack's settings", () => {
  it("are PGD-20 within 8/255 in fp32 unless given", () => {
    expect(settingsOf({}, recipe)).toEqual({
      attack: "pgd",
      norm: "inf",
      epsilon: 8 / 255,
      steps: 20,
      stepSize: 0.8 / 255,
      restarts: 1,
      loss: "ce",
      limit: null,
      batchSize: 128,
      checkpoint: "last",
      seed: 0,
      precision: "fp32",
      kernels: "auto",
      saveImages: false,
    });
  });

  it.each(attackNames)("make the attack of the name %s", (attack) => {
    for (const norm of ["inf", "2"] as const) {
      const made = createAttacks(settingsOf({ attack, norm }, recipe), 10, null).map(({ name }) => name);
      expect(made).toEqual(attack === "autoattack" ? ["apgd-ce", "apgd-t", "fab-t", "square"] : [attack]);
    }
  });

  it("that an attack has not are refused, those that it has are said", () => {
    expect(() => settingsOf({ attack: "square", stepSize: 0.1 }, recipe)).toThrow(
      "`stepSize`: received 0.1; expected none, for the attack square has only `steps`",
    );
  });

  it.each([
    [{ batchSize: 0 }, /`batchSize`: received 0/],
    [{ limit: 1.5 }, /`limit`: received 1\.5/],
    [{ epsilon: Number.NaN }, /`epsilon`: received NaN/],
    [{ precision: "fp8" as "fp32" }, /precision.*fp8/],
  ])("out of range are refused: %o", (choices, message) => {
    expect(() => settingsOf(choices, recipe)).toThrow(message);
  });
});
