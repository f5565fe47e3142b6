// An option that names a file to write.
import { existsSync, statSync } from "node:fs";
import { dirname, extname } from "node:path";
import { path } from "../../options/index.js";

/** A file to write, in a folder that exists; checked before the work starts. */
export const outputFile = (...endings: readonly string[]) =>
  path("file")
    .refine((file) => endings.length === 0 || endings.includes(extname(file)), {
      error: `expected a name that ends in ${endings.join(" or ")}`,
      abort: true,
    })
    .refine((file) => existsSync(dirname(file)), { error: "expected a file in a folder that exists" })
    .refine((file) => !statSync(file, { throwIfNoEntry: false })?.isDirectory(), {
      error: "expected a file, not a folder",
    })
    .meta({ argument: "file", expected: "a file", written: true });
