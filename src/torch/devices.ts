// What this machine offers, and the choices made of it.
import { InputError } from "../errors.js";
import { option } from "../options/index.js";
import type { DType } from "./dtype.js";
import { cpuFlags, native } from "./native.js";
import type { Device } from "./tensor.js";

export const libtorchVersion = (): string => native.libtorchVersion();

/** How libtorch was built, in its own words. */
export const buildConfiguration = (): string => native.buildConfiguration();

/** The instruction set that libtorch's own kernels use: `AVX512`, `AVX2`, `DEFAULT`, ... */
export function cpuCapability(): string {
  return /CPU capability usage: (.*)/.exec(native.buildConfiguration())?.[1] ?? "unknown";
}

export const cudaDevices = (): number => native.cudaDevices();

export const threads = (): number => native.threads();

/** Sets how many threads an operator may use in this thread of JavaScript. @throws Error outside 1 to 1024. */
export function setThreads(count: number): void {
  if (!Number.isInteger(count) || count < 1 || count > 1024) {
    throw new Error(`the number of threads is from 1 to 1024, received ${String(count)}`);
  }
  native.setThreads(count);
}

/** The device for `auto`, `cpu`, `cuda` or `cuda:N`. @throws InputError when CUDA is asked for and absent. */
export function chooseDevice(wanted: string): Device {
  if (wanted === "cpu") return "cpu";
  if (wanted === "auto") return cudaDevices() > 0 ? "cuda" : "cpu";
  const number = /^cuda(?::(\d+))?$/.exec(wanted);
  if (number === null) throw new InputError(`unknown device "${wanted}"; expected auto, cpu, cuda or cuda:N`);
  const count = cudaDevices();
  if (Number(number[1] ?? 0) >= count) {
    throw new InputError(
      `device "${wanted}" was asked for, but libtorch sees ${count} CUDA devices here; use ${option("device", "cpu")}`,
    );
  }
  return wanted;
}

/** Whether the device multiplies bf16 natively: CUDA, or a CPU with AMX or AVX-512 BF16. */
export function multipliesBfloat16(device: Device): boolean {
  if (device !== "cpu") return true;
  const flags = cpuFlags();
  return flags.has("amx_bf16") || flags.has("avx512_bf16");
}

/** The type that convolutions and linear layers compute in, for `auto`, `fp32`, `bf16` or `fp64`. */
export function choosePrecision(wanted: "auto" | "fp32" | "bf16" | "fp64", device: Device): DType {
  if (wanted === "auto") return multipliesBfloat16(device) ? "bfloat16" : "float32";
  return ({ fp32: "float32", bf16: "bfloat16", fp64: "float64" } as const)[wanted];
}

/** What computes convolutional trunks: the package's kernels, or libtorch's operators. */
export type Kernels = PackedKernels | "stock";
export type PackedKernels = "amx" | "avx512" | "winograd";
export type KernelsWanted = "auto" | Kernels;

/** The package's kernels, the best first, and the type that each computes in. */
const KERNEL_TYPES: Readonly<Record<PackedKernels, DType>> = {
  amx: "bfloat16",
  avx512: "bfloat16",
  winograd: "float32",
};

/** The package's kernels that this CPU and build can run, the best first. */
export function packedKernels(): readonly PackedKernels[] {
  return native.packedKernels() as readonly PackedKernels[];
}

/** Those of the kernels that compute in a type. */
export function kernelsIn(type: DType, packed = packedKernels()): readonly PackedKernels[] {
  return packed.filter((name) => KERNEL_TYPES[name] === type);
}

/**
 * The kernels for `auto` or a name: each computes in one type, on the CPU, and `auto` takes the best of the precision.
 * @throws InputError when kernels are requested where they cannot run.
 */
export function chooseKernels(
  wanted: KernelsWanted,
  device: Device,
  precision: DType,
  packed = packedKernels(),
): Kernels {
  const fitting = device === "cpu" ? kernelsIn(precision, packed) : [];
  if (wanted === "stock") return wanted;
  if (wanted === "auto") return fitting[0] ?? "stock";
  if (fitting.includes(wanted)) return wanted;
  throw new InputError(`kernels "${wanted}" were asked for, but ${hindrance(wanted, device, packed)}`);
}

const PRECISION_NAMES: Partial<Record<DType, string>> = { bfloat16: "bf16", float32: "fp32" };

function hindrance(wanted: PackedKernels, device: Device, packed: readonly PackedKernels[]): string {
  if (device !== "cpu")
    return `they run on the CPU and the device is ${device}; use ${option("kernels", "auto")} or ${option("device", "cpu")}`;
  const precision = PRECISION_NAMES[KERNEL_TYPES[wanted]] ?? KERNEL_TYPES[wanted];
  if (packed.includes(wanted)) {
    return `they compute in ${precision} only; use ${option("kernels", "auto")} or ${option("precision", precision)}`;
  }
  return `this CPU and build can run ${["stock", ...packed].join(", ")}; use ${option("kernels", "auto")}`;
}
