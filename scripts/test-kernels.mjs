// @ts-check
// Tests the packed kernels by themselves (test/native): plainly, under AddressSanitizer with UndefinedBehaviorSanitizer, and
// under ThreadSanitizer. CXX names the compiler.
//
//     node scripts/test-kernels.mjs            all three, before a release
//     node scripts/test-kernels.mjs --plain    without sanitizers
//     node scripts/test-kernels.mjs --arm      those for NEON, cross-compiled and run by qemu: plainly
//
// --arm takes Debian's packages g++-aarch64-linux-gnu and qemu-user-static.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./setup/paths.mjs";

const CROSS = process.argv.includes("--arm") && process.arch !== "arm64";
const ARM = CROSS || process.arch === "arm64";
const COMPILER = process.env.CXX ?? (CROSS ? "aarch64-linux-gnu-g++" : "g++");
/** Where the CPU has no AMX, its tiles are emulated with AVX-512 BF16. */
const EMULATION = ARM || cpuinfo().includes(" amx_bf16") ? [] : ["-DSELFADAPT_EMULATED_TILES"];
/** Compiled once for each vector width, by these targets of binding.gyp. */
const UNIT = join("native", "winograd", "unit.cc");
const WIDTHS = ARM ? ["winograd_neon"] : ["winograd_avx2", "winograd_avx512"];
/** Compiled without any kernel's instructions. */
const CPU = join("native", "kernels", "cpu.cc");
const NEUTRAL = [join("native", "winograd", "images.cc"), ...(ARM ? [] : [CPU])];
const THREADS = join("native", "trunk", "parallel.cc");
/** The kernels' flags by variant. Without the expensive optimizations GCC does not fuse products and sums, which some results count on. */
const VARIANTS = {
  plain: ["-O3"],
  "address and undefined": [
    "-O1",
    "-fexpensive-optimizations",
    "-g",
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
  ],
  threads: ["-O1", "-fexpensive-optimizations", "-g", "-fsanitize=thread"],
};
const QEMU = "qemu-aarch64-static";
const PLAIN = CROSS || process.argv.includes("--plain");

const folder = mkdtempSync(join(tmpdir(), "selfadapt-kernels-"));
try {
  process.exitCode = await testVariants();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function testVariants() {
  const reason = unable();
  if (reason) {
    console.log(`skipped: ${reason}`);
    return 0;
  }
  const tests = join("test", "native");
  const loopFlags = ["-std=c++17", "-O2", "-ffp-contract=off", "-Wall", "-Wextra", `-I${tests}`, ...EMULATION];
  const loops = await compileAll(
    [...sources(tests), ...(ARM ? [] : sources(join(tests, "packed")))],
    loopFlags,
    "loops",
  );
  let status = 0;
  const variants = Object.entries(VARIANTS).slice(0, PLAIN ? 1 : undefined);
  for (const [name, flags] of variants) {
    const { passed, said } = await testVariant(name, flags, loops);
    if (said.startsWith("skipped")) {
      console.log(said);
      return 0;
    }
    console.log(`${name}: ${passed ? "passed" : "FAILED"}: ${said}`);
    if (!passed) status = 1;
  }
  return status;
}

/** @param {string} name @param {string[]} flags @param {string[]} loops */
async function testVariant(name, flags, loops) {
  const kernels = ARM ? [] : sources(join("native", "kernels")).filter((file) => file !== CPU);
  const units = WIDTHS.map((target) => compileAll([UNIT], [...flagsOf(target), ...flags], `${name}-${target}`));
  const objects = await Promise.all([
    compileAll(kernels, [...flagsOf("kernels"), ...EMULATION, ...flags], name),
    compileAll(NEUTRAL, ["-std=c++17", ...EMULATION, ...flags], name),
    compileAll([THREADS], ["-std=c++17", ...flags], name),
    ...units,
  ]);
  const program = join(folder, `test-${name}`);
  const linking = CROSS ? ["-static"] : [];
  await run(COMPILER, [...flags, ...loops, ...objects.flat(), "-pthread", ...linking, "-o", program]);
  const [command = program, ...args] = CROSS ? [QEMU, program] : [program];
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: "utf8", maxBuffer: 1 << 26 });
  const said = `${stdout}${stderr}`.trim();
  return { passed: status === 0, said: status === null ? `${said}\nended by a signal` : said };
}

function cpuinfo() {
  return process.platform === "linux" ? readFileSync("/proc/cpuinfo", "utf8") : "";
}

/** Why this machine cannot test them, or null. */
function unable() {
  if (process.platform !== "linux" || !["x64", "arm64"].includes(process.arch)) {
    return "the packed kernels are for Linux on x64 and arm64";
  }
  const probe = join(folder, "probe.cc");
  writeFileSync(probe, "int main() { return 0; }\n");
  const flags = [...flagsOf(ARM ? "winograd_neon" : "kernels"), probe, "-o", join(folder, "probe")];
  const { status, error } = spawnSync(COMPILER, flags, { stdio: "ignore" });
  if (error) return `there is no ${COMPILER}; CXX names another compiler`;
  if (CROSS && spawnSync(QEMU, ["--version"]).error) return `there is no ${QEMU}; it is in Debian's qemu-user-static`;
  return status === 0 ? null : `${COMPILER} does not know the kernels' instructions`;
}

/** What binding.gyp compiles a target with. @param {string} name */
function flagsOf(name) {
  const { conditions } = JSON.parse(readFileSync(join(ROOT, "binding.gyp"), "utf8"));
  /** @type {{ target_name: string, cflags_cc: string[] }[]} */
  const targets = conditions.flatMap((/** @type {any} */ [, { targets }]) => targets);
  const flags = targets.find((target) => target.target_name === name)?.cflags_cc ?? [];
  return flags.filter((flag) => flag !== "-O3");
}

/** @param {string} under */
function sources(under) {
  const files = readdirSync(join(ROOT, under)).filter((file) => file.endsWith(".cc"));
  return files.map((file) => join(under, file));
}

/**
 * Compiles files to objects, as many at a time as there are processors.
 * @param {string[]} files
 * @param {string[]} flags
 * @param {string} variant
 */
async function compileAll(files, flags, variant) {
  const objects = files.map((file) => join(folder, `${variant}-${file.replaceAll(/[/\\]/g, "-")}.o`));
  const jobs = files.map((file, i) => ["-Inative", ...flags, "-c", file, "-o", /** @type {string} */ (objects[i])]);
  const worker = async () => {
    for (let job = jobs.pop(); job; job = jobs.pop()) await run(COMPILER, job);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return objects;
}

/** @param {string} program @param {string[]} args @returns {Promise<void>} */
function run(program, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd: ROOT, stdio: ["ignore", "inherit", "inherit"] });
    child.on("error", reject);
    child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`${program} failed: ${args.join(" ")}`))));
  });
}
