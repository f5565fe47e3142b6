import { describe, expect, it } from "vitest";
import { flagOf, option, withFlags } from "./names.js";

describe("a message about options", () => {
  it("names them in the library, and their flags on the command line", () => {
    const message = `${option("valFraction")}: received 2; expected less than 1, or ${option("testFraction", 0.2)}`;
    expect(message).toBe("`valFraction`: received 2; expected less than 1, or `testFraction: 0.2`");
    expect(withFlags(message)).toBe("--val-fraction: received 2; expected less than 1, or --test-fraction 0.2");
  });

  it("keeps values as they are, whatever is in them", () => {
    expect(withFlags(option("noise", "asymmetric:0.4:cat=dog"))).toBe("--noise asymmetric:0.4:cat=dog");
    expect(withFlags("`Photos/a.png` and ` ` and `npm run setup` stay")).toBe(
      "`Photos/a.png` and ` ` and `npm run setup` stay",
    );
  });

  it("has the flag of every option in lower case with hyphens", () => {
    expect(["lr", "batchSize", "maxWaitMs", "k"].map(flagOf)).toEqual(["--lr", "--batch-size", "--max-wait-ms", "--k"]);
  });
});
