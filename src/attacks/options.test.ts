import { describe, expect, it } from "vitest";
import { InputError } from "../errors.js";
import { attackDefinitions, attackNamed, fgsm, pgd } from "./index.js";
import type { Ball } from "./types.js";

const ball: Ball = { norm: "inf", epsilon: 0.03 };

describe("the options of attacks", () => {
  it.each<[Partial<Record<keyof Ball, unknown>>, string]>([
    [{ norm: "1" }, '`norm`: received "1"; expected inf or 2'],
    [{ epsilon: -1 }, "`epsilon`: received -1; expected a number of at least 0"],
    [{ epsilon: Number.NaN }, "`epsilon`: received NaN; expected a number of at least 0"],
  ])("refuse the ball %o", (part, message) => {
    const create = () => fgsm({ ball: { ...ball, ...part } as Ball });
    expect(create).toThrow(InputError);
    expect(create).toThrow(message);
  });

  it("refuse unknown options, naming those that exist", () => {
    const options = { ball, step: 3 };
    expect(() => pgd(options)).toThrow(
      /unknown option `step` of pgd: received 3; expected one of `seed`, `steps`, `stepSize`, `restarts`/,
    );
  });

  it("refuse values that are none of a choice", () => {
    expect(() => pgd({ ball, loss: "dlr" as "ce" })).toThrow('`loss`: received "dlr"; expected ce or margin');
  });

  it("all have defaults", () => {
    for (const { attacks } of attackDefinitions) expect(attacks({ ball }, 10).length).toBeGreaterThan(0);
  });

  it("come with a name, and an unknown name is refused with the nearest one", () => {
    expect(attackNamed("pgd").title).toBe("PGD");
    expect(() => attackNamed("pgdd")).toThrow(
      /`attack`: received "pgdd"; expected one of fgsm, .*did you mean "pgd"\?/,
    );
  });
});
