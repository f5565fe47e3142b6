import { describe, expect, it } from "vitest";
import { MissingPackageError, optionalPackage } from "./optional-package.js";

const absent = "selfadapt-absent-package";

describe("an optional package", () => {
  it("is imported when it is installed", async () => {
    expect(await optionalPackage("a test", ["zod"], () => import("zod"))).toHaveProperty("z");
  });

  it("that is not installed is named with the command that installs it", async () => {
    const missing = optionalPackage("drawing", ["zod", absent], () => import(absent));
    await expect(missing).rejects.toThrow(MissingPackageError);
    await expect(missing).rejects.toThrow(
      `drawing requires zod, ${absent} (not installed: ${absent}); run: npm install zod ${absent}`,
    );
  });

  it.each([
    ["of another package that is missing", () => import(absent)],
    ["thrown while it loads", () => Promise.reject(new Error("out of memory"))],
  ])("passes on errors %s", async (_, load) => {
    await expect(optionalPackage("a test", ["zod"], load)).rejects.not.toThrow(MissingPackageError);
  });
});
