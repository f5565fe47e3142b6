// How setup finds libtorch and decides what is left to do, on made-up folder trees.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { compileAddon } from "../scripts/setup/addon.mjs";
import { findChromium } from "../scripts/setup/browser.mjs";
import { dependenciesAreLinked, dependenciesMatch } from "../scripts/setup/dependencies.mjs";
import { openmpOf, versionAtLeast } from "../scripts/setup/inspect.mjs";
import { findLibtorchs, pythonTorch } from "../scripts/setup/libtorch.mjs";
import { withLock } from "../scripts/setup/lock.mjs";
import { hasReferenceBlas, onPath } from "../scripts/setup/machine.mjs";
import { hashFiles, isStamped, stamp } from "../scripts/setup/stamp.mjs";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "selfadapt-setup-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text = ""): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const API = "include/torch/csrc/api/include/torch";
const CXX11 = "_ZN3c105ErrorC1ENS_14SourceLocationENSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEE";
const OLD_ABI = "_ZN3c105ErrorC1ENS_14SourceLocationESs";

function fakeLibtorch(name: string, version: string, symbol = CXX11): string {
  const [major, minor, patch] = version.split(".");
  const macros = { MAJOR: major, MINOR: minor, PATCH: patch };
  const lines = Object.entries(macros).map(([part, number]) => `#define TORCH_VERSION_${part} ${number}`);
  write(`${name}/${API}/version.h`, lines.join("\n"));
  write(`${name}/lib/libc10.so`, `\0${symbol}\0`);
  write(`${name}/lib/libtorch_cpu.so`);
  return join(folder, name);
}

const noSystem = { include: "/nowhere", libs: ["/nowhere"] };
const systemAt = (path: string) => ({ include: join(path, "include"), libs: ["/nowhere", join(path, "lib")] });

test("the browser of the page's tests is the one in CHROMIUM, or one on the PATH by any of its names", () => {
  const chrome = write("bin/google-chrome", "#!/bin/sh");
  chmodSync(chrome, 0o755);
  expect(findChromium({ PATH: join(folder, "bin"), CHROMIUM: "/opt/chromium" })).toBe("/opt/chromium");
  const found = findChromium({ PATH: join(folder, "bin") });
  expect([chrome, "/usr/bin/chromium", "/usr/bin/chromium-browser"]).toContain(found);
});

describe("finding libtorch", () => {
  test("LIBTORCH goes before Python's, and Python's before the system's", () => {
    const [own, python, system] = ["own", "python", "system"].map((name) => fakeLibtorch(name, "2.4.1"));
    const where = { libtorch: own, python, system: systemAt(system!) };
    expect(findLibtorchs(where)).toMatchObject([{ source: "LIBTORCH", path: own, version: "2.4.1" }]);
    const others = [
      { source: "python", path: python },
      { source: "system", lib: join(system!, "lib") },
    ];
    expect(findLibtorchs({ ...where, libtorch: undefined })).toMatchObject(others);
    expect(findLibtorchs({ system: where.system })).toMatchObject(others.slice(1));
  });

  test("a machine without one has none", () => {
    expect(findLibtorchs({ system: noSystem })).toEqual([]);
  });

  test("Python's torch is passed over when it is 1.x or came without headers", () => {
    const system = systemAt(fakeLibtorch("system", "1.13.0"));
    expect(findLibtorchs({ python: fakeLibtorch("old", "1.13.1"), system })[0]?.source).toBe("system");
    write("bare/version.py", "__version__ = '2.4.0'");
    expect(findLibtorchs({ python: join(folder, "bare"), system })[0]?.source).toBe("system");
  });

  test("a LIBTORCH that is no libtorch is refused, naming what is missing, though the system has one", () => {
    const system = systemAt(fakeLibtorch("system", "1.13.0"));
    expect(() => findLibtorchs({ libtorch: join(folder, "typo"), system })).toThrow(/LIBTORCH is .*typo.* is missing/);
  });

  test("a libtorch before 1.13 is refused with its version and what to do", () => {
    const system = systemAt(fakeLibtorch("jammy", "1.8.1"));
    expect(() => findLibtorchs({ system })).toThrow(/libtorch 1\.8\.1 .* too old.*1\.13[\s\S]*export LIBTORCH=/);
  });

  test("a libtorch before 1.13 is passed over where another serves", () => {
    const where = { python: fakeLibtorch("python", "2.4.1"), system: systemAt(fakeLibtorch("jammy", "1.8.1")) };
    expect(findLibtorchs(where).map(({ source }) => source)).toEqual(["python"]);
  });

  test("the package's own version file serves where the headers state none", () => {
    const path = fakeLibtorch("zip", "2.4.1");
    write(`zip/${API}/version.h`, "#include <elsewhere.h>");
    write("zip/build-version", "2.9.0+cpu\n");
    expect(findLibtorchs({ libtorch: path, system: noSystem })[0]?.version).toBe("2.9.0");
  });

  test("a Python without torch, and no Python, have no torch folder", () => {
    const python = write("python3", '#!/bin/sh\necho ""\n');
    expect(pythonTorch(undefined)).toBeUndefined();
    expect(pythonTorch(python)).toBeUndefined();
  });
});

describe("reading libtorch", () => {
  const found = (path: string) => findLibtorchs({ libtorch: path, system: noSystem })[0];

  test("the C++ ABI is read off the library's mangled names", () => {
    expect(found(fakeLibtorch("new", "2.4.1"))?.cxx11Abi).toBe(true);
    expect(found(fakeLibtorch("old", "2.4.1", OLD_ABI))?.cxx11Abi).toBe(false);
  });

  test("the C++ standard is the one that the headers demand, and at least 17", () => {
    const path = fakeLibtorch("torch", "2.4.1");
    expect(found(path)?.standard).toBe(17);
    write("torch/include/ATen/ATen.h", "#if !defined(_MSC_VER) && __cplusplus < 201402L\n#error\n#endif");
    expect(found(path)?.standard).toBe(17);
    write("torch/include/ATen/ATen.h", "#if !defined(_MSC_VER) && __cplusplus < 202002L\n#error\n#endif");
    expect(found(path)?.standard).toBe(20);
    expect(found(fakeLibtorch("newer", "2.13.0"))?.standard).toBe(20);
  });

  test("CUDA is what lies in the library folder", () => {
    const path = fakeLibtorch("torch", "2.4.1");
    expect(found(path)?.cuda).toBe(false);
    write("torch/lib/libtorch_cuda.so");
    expect(found(path)?.cuda).toBe(true);
  });

  test("the OpenMP runtime is the one that libtorch links, wherever it was shipped", () => {
    const place = { source: "python" as const, path: folder, include: folder, lib: join(folder, "torch", "lib") };
    mkdirSync(place.lib, { recursive: true });
    expect(openmpOf(place, ["libc10.so", "libm.so.6"])).toBeNull();
    expect(openmpOf(place, ["libc10.so", "libgomp.so.1"])).toEqual({ name: "libgomp.so.1", folder: null });
    write("torch.libs/libgomp-a34b3233.so.1");
    const shipped = openmpOf(place, ["libgomp-a34b3233.so.1"]);
    expect(shipped).toEqual({ name: "libgomp-a34b3233.so.1", folder: join(folder, "torch.libs") });
    write("torch/lib/libiomp5.so");
    expect(openmpOf(place, ["libiomp5.so"])).toEqual({ name: "libiomp5.so", folder: place.lib });
  });

  test("versions compare by number, not by text", () => {
    const least = ["1.13.0", "1.13", "2.0", "1.9.1", "1.2"].map((version) => versionAtLeast(version, "1.13"));
    expect(least).toEqual([true, true, true, false, false]);
  });
});

describe("compiling the addon", () => {
  const build = () => join(folder, "build");
  const inBuild = (path: string) => join(build(), path);
  const wherePython = () => ({
    python: fakeLibtorch("python", "2.99.0"),
    system: systemAt(fakeLibtorch("debian", "1.13.0")),
  });
  const succeed = (libtorch: { version: string }) => {
    write("build/Release/selfadapt.node", libtorch.version);
    return null;
  };
  const compilingOnly =
    (...versions: string[]) =>
    (libtorch: { version: string }) =>
      versions.includes(libtorch.version) ? succeed(libtorch) : `no member named gone in ${libtorch.version}`;

  let lines: string[];
  beforeEach(() => {
    lines = [];
    vi.spyOn(console, "error").mockImplementation((line: string) => void lines.push(line));
  });
  afterEach(() => vi.restoreAllMocks());

  const compiled = () => [
    readFileSync(inBuild("Release/selfadapt.node"), "utf8"),
    JSON.parse(readFileSync(inBuild("libtorch.json"), "utf8")).version,
  ];

  test("names the libtorch that it was compiled against beside it", () => {
    compileAddon(findLibtorchs(wherePython()), { build: build(), compile: succeed });
    expect(compiled()).toEqual(["2.99.0", "2.99.0"]);
    expect(lines).toEqual([expect.stringMatching(/^Compiling .* libtorch 2\.99\.0 at .*python \(from python3\)/)]);
  });

  test("goes on to the next libtorch where one does not compile, and says so in a line", () => {
    compileAddon(findLibtorchs(wherePython()), { build: build(), compile: compilingOnly("1.13.0") });
    expect(compiled()).toEqual(["1.13.0", "1.13.0"]);
    expect(lines.slice(1)).toEqual([
      `The addon does not compile against libtorch 2.99.0 at ${join(folder, "python")} (from python3): see ${inBuild("compile.log")}`,
      expect.stringMatching(/^Compiling the addon against libtorch 1\.13\.0 at .* \(the system's\)/),
    ]);
    expect(readFileSync(inBuild("compile.log"), "utf8")).toBe("no member named gone in 2.99.0");
  });

  test("leaves no addon of another libtorch behind where none compiles, and names all that were tried", () => {
    write("build/Release/selfadapt.node", "of before");
    write("build/libtorch.json", "{}");
    const compile = () => compileAddon(findLibtorchs(wherePython()), { build: build(), compile: compilingOnly() });
    expect(compile).toThrow(
      /did not compile against libtorch 2\.99\.0 .*, nor against libtorch 1\.13\.0 .*; the reason is above/,
    );
    expect(["Release/selfadapt.node", "libtorch.json"].filter((file) => existsSync(inBuild(file)))).toEqual([]);
    expect(lines.at(-1)).toBe("no member named gone in 1.13.0");
  });

  test("leaves no addon of another libtorch behind where it is ended on the way", () => {
    write("build/Release/selfadapt.node", "of before");
    write("build/libtorch.json", "{}");
    const compile = () => {
      throw new Error("killed");
    };
    expect(() => compileAddon(findLibtorchs(wherePython()), { build: build(), compile })).toThrow("killed");
    expect(["Release/selfadapt.node", "libtorch.json"].filter((file) => existsSync(inBuild(file)))).toEqual([]);
  });

  test("against a LIBTORCH that fails is an error, though the system's would compile", () => {
    const where = { ...wherePython(), libtorch: fakeLibtorch("own", "2.98.0") };
    const compile = () => compileAddon(findLibtorchs(where), { build: build(), compile: compilingOnly("1.13.0") });
    expect(compile).toThrow(
      /^The addon did not compile against libtorch 2\.98\.0 at .*own \(from LIBTORCH\); the reason/,
    );
    expect(existsSync(inBuild("Release/selfadapt.node"))).toBe(false);
  });
});

describe("what the machine has", () => {
  test("only executables on the PATH count as programs", () => {
    const tool = write("bin/tool", "#!/bin/sh\n");
    expect(onPath("tool", join(folder, "bin"))).toBeUndefined();
    rmSync(tool);
    symlinkSync(process.execPath, tool);
    expect(onPath("tool", `/nowhere:${join(folder, "bin")}`)).toBe(tool);
  });

  test("the reference BLAS is told from a fast one by where the system's choice points", () => {
    const point = (name: string) => {
      rmSync(join(folder, "libblas.so.3"), { force: true });
      symlinkSync(write(name), join(folder, "libblas.so.3"));
    };
    expect(hasReferenceBlas(folder)).toBe(false);
    point("blas/libblas.so.3.11.0");
    expect(hasReferenceBlas(folder)).toBe(true);
    point("openblas-openmp/libblas.so.3");
    expect(hasReferenceBlas(folder)).toBe(false);
  });
});

describe("what is left to do", () => {
  const lock = (packages: object) => JSON.stringify({ packages: { "": { name: "x" }, ...packages } });

  test("node_modules must hold what the lock file lists, save optional packages for other systems", () => {
    const wanted = { "node_modules/a": { version: "1.0.0" }, "node_modules/b": { version: "2.0.0", optional: true } };
    write("package-lock.json", lock(wanted));
    expect(dependenciesMatch(folder)).toBe(false);
    write("node_modules/.package-lock.json", lock({ "node_modules/a": { version: "1.0.0" } }));
    expect(dependenciesMatch(folder)).toBe(true);
    write("node_modules/.package-lock.json", lock({ "node_modules/a": { version: "1.0.1" } }));
    expect(dependenciesMatch(folder)).toBe(false);
    write("node_modules/.package-lock.json", lock({}));
    expect(dependenciesMatch(folder)).toBe(false);
  });

  test("linked node_modules are seen, because npm ci would empty what they point to", () => {
    expect(dependenciesAreLinked(folder)).toBe(false);
    write("elsewhere/a/package.json");
    symlinkSync(join(folder, "elsewhere"), join(folder, "node_modules"));
    expect(dependenciesAreLinked(folder)).toBe(true);
    rmSync(join(folder, "node_modules"));
    mkdirSync(join(folder, "node_modules"));
    expect(dependenciesAreLinked(folder)).toBe(false);
  });

  test("optional dependencies may be absent when they are those of other packages, and not when they are ours", () => {
    const absent = { "node_modules/a": { version: "1.0.0", optional: true } };
    write("node_modules/.package-lock.json", JSON.stringify({ packages: {} }));
    write("package-lock.json", JSON.stringify({ packages: { "": {}, ...absent } }));
    expect(dependenciesMatch(folder)).toBe(true);
    write("package-lock.json", JSON.stringify({ packages: { "": { optionalDependencies: { a: "1" } }, ...absent } }));
    expect(dependenciesMatch(folder)).toBe(false);
  });

  test("a hash changes with a file's content and its name, and with nothing else", () => {
    write("src/a.ts", "1");
    const hash = () => hashFiles(folder, ["src", "absent"], (file) => !file.endsWith(".test.ts"));
    const first = hash();
    write("src/a.test.ts", "ignored");
    expect(hash()).toBe(first);
    write("src/a.ts", "2");
    const second = hash();
    expect(second).not.toBe(first);
    rmSync(join(folder, "src/a.ts"));
    write("src/b.ts", "2");
    expect(hash()).not.toBe(second);
  });

  test("a stamp holds for its key only", () => {
    expect(isStamped("addon", "one", folder)).toBe(false);
    stamp("addon", "one", folder);
    expect(isStamped("addon", "one", folder)).toBe(true);
    expect(isStamped("addon", "two", folder)).toBe(false);
  });

  test("a lock of this very process number, or one that was never written, is taken over", () => {
    const file = write("setup.lock", String(process.pid));
    let runs = 0;
    withLock(() => void runs++, file);
    write("setup.lock", "");
    utimesSync(file, new Date(0), new Date(0));
    withLock(() => void runs++, file);
    expect(runs).toBe(2);
    expect(existsSync(file)).toBe(false);
  });

  test("an addon is not compiled where make would not find it", () => {
    expect(() => compileAddon([], { build: join(folder, "with space") })).toThrow(/make takes no paths with spaces/);
  });

  test("the lock of a process that is gone is taken over, and given back after a failure", () => {
    const file = write("setup.lock", "999999999");
    const fails = () =>
      withLock(() => {
        throw new Error("broken");
      }, file);
    expect(fails).toThrow("broken");
    let ran = false;
    withLock(() => {
      ran = true;
    }, file);
    expect(ran).toBe(true);
  });
});
