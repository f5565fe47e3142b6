// Devices, precisions and kernels of this machine, and how they are chosen.
import { InputError } from "../errors.js";
import { option } from "../options/index.js";
import { ranksFrom } from "./distributed/ranks.js";
import type { DType } from "./dtype.js";
import { cpuFlags, native } from "./native.js";
import type { Device } from "./tensor.js";

export const libtorchVersion = (): string => native.libtorchVersion();

/** libtorch's description of its build. */
export const buildConfiguration = (): string => native.buildConfiguration();

/** The instruction set that libtorch's kernels use: `AVX512`, `AVX2`, `DEFAULT`, ... */
export function cpuCapability(): string {
  return /CPU capability usage: (.*)/.exec(native.buildConfiguration())?.[1] ?? "unknown";
}

export const cudaDevices = (): number => native.cudaDevices();

export const threads = (): number => native.threads();

/**
 * Sets how many threads an operator may use in this thread of JavaScript (default: no change). Loads libtorch.
 * @throws Error outside 1 to 1024.
 */
export function setThreads(count: number = threads()): void {
  if (!Number.isInteger(count) || count < 1 || count > 1024) {
    throw new Error(`${option("threads")}: received ${String(count)}; expected a whole number from 1 to 1024`);
  }
  native.setThreads(count);
}

/**
 * The device for `auto`, `cpu`, `cuda` or `cuda:N`. Several processes of one machine take its CUDA devices in turn for `auto` and
 * `cuda`.
 * @throws InputError when CUDA is requested and absent.
 */
export function chooseDevice(name: string, { count = cudaDevices(), ranks = ranksFrom() } = {}): Device {
  if (name === "cpu") return "cpu";
  const own = ranks === null ? "cuda" : `cuda:${ranks.localRank % count}`;
  if (name === "auto") return count > 0 ? own : "cpu";
  const number = /^cuda(?::(\d+))?$/.exec(name);
  if (number === null) throw new InputError(`unknown device "${name}"; expected auto, cpu, cuda or cuda:N`);
  if (Number(number[1] ?? 0) >= count) {
    throw new InputError(
      `device "${name}" was requested, but libtorch sees ${count} CUDA devices here; use ${option("device", "cpu")}`,
    );
  }
  return name === "cuda" ? own : name;
}

/** Whether the device multiplies bf16 natively: CUDA, or a CPU with AMX or AVX-512 BF16. */
export function multipliesBfloat16(device: Device): boolean {
  if (device !== "cpu") return true;
  const flags = cpuFlags();
  return flags.has("amx_bf16") || flags.has("avx512_bf16");
}

/** The kernels of convolutional trunks: this package's, or libtorch's operators (`stock`). */
export type Kernels = PackedKernels | "stock";
export type PackedKernels = "amx" | "winograd";
export type RequestedKernels = "auto" | Kernels;

/** This package's kernels, the best first, and the type that each computes in. */
const KERNEL_TYPES: Readonly<Record<PackedKernels, "bfloat16" | "float32">> = {
  amx: "bfloat16",
  winograd: "float32",
};

/** This package's kernels that this CPU and build can run, the best first. */
export function packedKernels(): readonly PackedKernels[] {
  return native.packedKernels() as readonly PackedKernels[];
}

/** The type that convolutions and linear layers compute in, for `auto`, `fp32`, `bf16` or `fp64`; `auto` is the fastest by these kernels. */
export function choosePrecision(
  name: "auto" | "fp32" | "bf16" | "fp64",
  device: Device,
  kernels: RequestedKernels = "auto",
): DType {
  if (name === "auto") return fastestPrecision(device, kernels);
  return ({ fp32: "float32", bf16: "bfloat16", fp64: "float64" } as const)[name];
}

/**
 * The type that the device is fastest in: on the CPU that of the named kernels. Without AMX `auto` kernels are those in fp32, by
 * Winograd, which are as fast as stock operators in bf16; stock operators are faster in bf16 wherever it is multiplied natively.
 */
export function fastestPrecision(
  device: Device,
  kernels: RequestedKernels,
  {
    packed = packedKernels(),
    flags = cpuFlags(),
  }: { packed?: readonly PackedKernels[]; flags?: ReadonlySet<string> } = {},
): "bfloat16" | "float32" {
  if (device !== "cpu" || flags.has("amx_bf16")) return kernels === "winograd" ? "float32" : "bfloat16";
  if (kernels !== "auto" && kernels !== "stock") return KERNEL_TYPES[kernels];
  if (kernels === "auto" && packed.includes("winograd")) return "float32";
  return flags.has("avx512_bf16") ? "bfloat16" : "float32";
}

/** The kernels that compute in a type. */
export function kernelsIn(type: DType, packed = packedKernels()): readonly PackedKernels[] {
  return packed.filter((name) => KERNEL_TYPES[name] === type);
}

/**
 * The kernels for `auto` or a name: each computes in one type, on the CPU, and `auto` takes the best of the precision.
 * @throws InputError when kernels are requested where they cannot run.
 */
export function chooseKernels(
  requested: RequestedKernels,
  device: Device,
  precision: DType,
  packed = packedKernels(),
): Kernels {
  const fitting = device === "cpu" ? kernelsIn(precision, packed) : [];
  if (requested === "stock") return requested;
  if (requested === "auto") return fitting[0] ?? "stock";
  if (fitting.includes(requested)) return requested;
  throw new InputError(`kernels "${requested}" were requested, but ${hindrance(requested, device, packed)}`);
}

const PRECISION_NAMES: Partial<Record<DType, string>> = { bfloat16: "bf16", float32: "fp32" };

function hindrance(kernels: PackedKernels, device: Device, packed: readonly PackedKernels[]): string {
  if (device !== "cpu")
    return `they run on the CPU and the device is ${device}; use ${option("kernels", "auto")} or ${option("device", "cpu")}`;
  const precision = PRECISION_NAMES[KERNEL_TYPES[kernels]] ?? KERNEL_TYPES[kernels];
  if (packed.includes(kernels)) {
    return `they compute in ${precision} only; use ${option("kernels", "auto")} or ${option("precision", precision)}`;
  }
  return `this CPU and build can run ${["stock", ...packed].join(", ")}; use ${option("kernels", "auto")}`;
}
