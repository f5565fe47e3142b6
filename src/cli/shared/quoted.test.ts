import { expect, it } from "vitest";
import { quoted } from "./quoted.js";

it("leaves plain words, and quotes those that a shell would take apart", () => {
  expect(["runs/photos-sat-1", "shapes:train=20,test=10"].map(quoted)).toEqual([
    "runs/photos-sat-1",
    "shapes:train=20,test=10",
  ]);
  expect(quoted("my runs/a")).toBe("'my runs/a'");
  expect(quoted("it's; here")).toBe(`'it'\\''s; here'`);
});
