import { describe, expect, it } from "vitest";
import { z } from "zod";
import { InputError } from "../errors.js";
import { count, fraction, path, positive, ratio } from "./fields.js";
import { parseOptions } from "./parse.js";

const schema = z.object({
  k: count(1, 100).default(20),
  lr: positive().optional(),
  coverage: z.number().gt(0).max(1).optional(),
  heldOut: fraction().default(0.2),
  epsilon: ratio(z.number().min(0)).optional(),
  checkpoint: z.enum(["last", "best"]).default("last"),
  protocols: z.array(z.enum(["knn", "sgd"])).default(["knn"]),
  startEpoch: z.union([count(0), z.literal("auto")]).default("auto"),
  strict: z.boolean().default(false),
  out: path("folder").optional(),
});

const refusal = (given: object) => {
  try {
    parseOptions(schema, given);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return (error as Error).message;
  }
  throw new Error(`accepted ${JSON.stringify(given)}`);
};

describe("options checked by their schema", () => {
  it("have their defaults, and nothing that the schema does not know", () => {
    expect(parseOptions(schema, { lr: 0.1, epsilon: "8/255", unknown: 1, out: undefined })).toEqual({
      k: 20,
      lr: 0.1,
      heldOut: 0.2,
      epsilon: 8 / 255,
      checkpoint: "last",
      protocols: ["knn"],
      startEpoch: "auto",
      strict: false,
      out: undefined,
    });
  });

  it.each([
    [{ k: 0 }, "`k`: received 0; expected a whole number from 1 to 100"],
    [{ k: 1.5 }, "`k`: received 1.5; expected a whole number from 1 to 100"],
    [{ k: "many" }, '`k`: received "many"; expected a whole number from 1 to 100'],
    [{ lr: 0 }, "`lr`: received 0; expected a number above 0"],
    [{ lr: Number.NaN }, "`lr`: received NaN; expected a number above 0"],
    [{ lr: Number.POSITIVE_INFINITY }, "`lr`: received Infinity; expected a number above 0"],
    [{ coverage: 1.2 }, "`coverage`: received 1.2; expected a number above 0 and at most 1"],
    [{ heldOut: 20 }, "`heldOut`: received 20; expected a number from 0 to 1; did you mean 0.2?"],
    [{ heldOut: -0.1 }, "`heldOut`: received -0.1; expected a number from 0 to 1"],
    [{ epsilon: "8/0" }, '`epsilon`: received "8/0"; expected a number of at least 0, or a fraction such as 8/255'],
    [{ epsilon: "1/2/3" }, '`epsilon`: received "1/2/3"; expected a number of at least 0, or a fraction such as 8/255'],
    [{ epsilon: -1 }, "`epsilon`: received -1; expected a number of at least 0, or a fraction such as 8/255"],
    [{ checkpoint: "lats" }, '`checkpoint`: received "lats"; expected last or best; did you mean "last"?'],
    [
      { protocols: ["knn", "sdg"] },
      '`protocols`: received "sdg"; expected knn or sgd, or a comma-separated list; did you mean "sgd"?',
    ],
    [{ protocols: "knn" }, '`protocols`: received "knn"; expected knn or sgd, or a comma-separated list'],
    [{ startEpoch: -1 }, "`startEpoch`: received -1; expected a whole number of at least 0 or auto"],
    [{ strict: "yes" }, '`strict`: received "yes"; expected true or false'],
    [{ out: "" }, '`out`: received ""; expected a folder'],
  ])("are refused in one line: %j", (given, message) => {
    expect(refusal(given)).toBe(message);
  });

  it("name what the user typed, where that was text", () => {
    expect(() => parseOptions(schema, { k: 0 }, { received: { k: "0x0" } })).toThrow('`k`: received "0x0"; expected');
  });

  it("say what is missing", () => {
    expect(() => parseOptions(z.object({ data: path() }), {})).toThrow("`data`: received nothing; expected a path");
  });
});
