// sharp, the image library, loaded with the first image. Its native part is an optional package: without it all but images works.
import { createRequire } from "node:module";
import type Sharp from "sharp";
import { MissingPackageError } from "../../../optional-package.js";

let library: typeof Sharp | null = null;

function load(): typeof Sharp {
  try {
    library ??= createRequire(import.meta.url)("sharp") as typeof Sharp;
    return library;
  } catch {
    const system = `${process.platform}-${process.arch}`;
    const packages = `@img/sharp-${system}${process.platform === "win32" ? "" : ` @img/sharp-libvips-${system}`}`;
    throw new MissingPackageError(
      `reading images requires the native part of sharp, which npm did not install; run: npm install ${packages}`,
    );
  }
}

/** sharp itself. @throws MissingPackageError at the first use, where its native part is not installed. */
export const sharp: typeof Sharp = new Proxy((() => {}) as unknown as typeof Sharp, {
  apply: (_target, _this, given: Parameters<typeof Sharp>) => load()(...given),
  get: (_target, name: keyof typeof Sharp) => load()[name],
});
