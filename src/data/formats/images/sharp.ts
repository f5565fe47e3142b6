// sharp, the image library. Its native part is an optional package: without it everything but images still works.
import type Sharp from "sharp";
import { MissingPackageError } from "../../../optional-package.js";

const library = await import("sharp").catch(() => null);

/** sharp itself, or a stand-in that throws a MissingPackageError where it is used. */
export const sharp: typeof Sharp =
  library?.default ?? new Proxy((() => {}) as unknown as typeof Sharp, { apply: refuse, get: refuse });

function refuse(): never {
  const system = `${process.platform}-${process.arch}`;
  const packages = `@img/sharp-${system}${process.platform === "win32" ? "" : ` @img/sharp-libvips-${system}`}`;
  throw new MissingPackageError(
    `reading images requires the native part of sharp, which npm did not install; run: npm install ${packages}`,
  );
}
