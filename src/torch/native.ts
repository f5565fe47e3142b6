// The native addon, loaded when it is first used, after the settings that libtorch reads only once.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { isMainThread } from "node:worker_threads";

declare const handle: unique symbol;
/** A tensor or generator of the addon: opaque. */
export type Handle = { readonly [handle]: never };

/** One argument of an operator, as in its schema. */
export interface Argument {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
  readonly keywordOnly: boolean;
  /** A single number stands for the entire list, as in `int[2] stride`. */
  readonly repeats: boolean;
}

/** The addon's functions; every one throws an `Error` with libtorch's message when libtorch refuses. */
export interface Native {
  find(name: string, overload: string): number;
  schema(operator: number): string;
  signature(operator: number): Argument[];
  operatorNames(): string[];
  call(operator: number, values: readonly unknown[]): unknown;

  import(bytes: Uint8Array, dtype: string, shape: readonly number[], device: string): Handle;
  read(tensor: Handle, buffer: ArrayBuffer): void;
  item(tensor: Handle): number | boolean;
  isTensor(value: unknown): value is Handle;
  release(tensor: Handle): void;
  shape(tensor: Handle): number[];
  strides(tensor: Handle): number[];
  dtype(tensor: Handle): string;
  device(tensor: Handle): string;

  backward(outputs: readonly Handle[], gradients: readonly Handle[] | null, retain: boolean, create: boolean): void;
  grad(
    outputs: readonly Handle[],
    inputs: readonly Handle[],
    gradients: readonly Handle[] | null,
    retain: boolean,
    create: boolean,
  ): (Handle | null)[];
  gradEnabled(): boolean;
  setGradEnabled(enabled: boolean): void;
  requiresGrad(tensor: Handle): boolean;
  isLeaf(tensor: Handle): boolean;
  setRequiresGrad(tensor: Handle, required: boolean): void;
  gradient(tensor: Handle): Handle | null;
  setGradient(tensor: Handle, gradient: Handle | null): void;
  setData(tensor: Handle, source: Handle): void;
  /** Returns the previous setting. */
  setAutocast(device: string, enabled: boolean, dtype: string): { enabled: boolean; dtype: string };

  manualSeed(device: string, seed: number): void;
  randomState(device: string): Handle;
  setRandomState(device: string, state: Handle): void;
  generator(device: string, seed: number): Handle;

  /** Begins or ends timing the operators that this thread calls. */
  timeOperators(enabled: boolean): void;
  /** What was timed since the last call. */
  takeOperatorTimes(): { operator: string; calls: number; seconds: number; selfSeconds: number }[];

  libtorchVersion(): string;
  buildConfiguration(): string;
  /** Of "amx", in bf16, and "winograd" (AVX2, AVX-512 or NEON), in fp32, those that this CPU can run. */
  packedKernels(): readonly string[];
  /** Operations a second (two a multiply-add) of the named packed kernels on random data in cache, on all threads. */
  packedRate(kernels: string): number;
  /** Bytes a second that copying large blocks reads and writes together, on all threads. */
  copyBandwidth(): number;
  cudaDevices(): number;
  threads(): number;
  setThreads(count: number): void;
  liveTensors(): number;
  liveBytes(): number;
  reportMemory(change: number): void;

  /** Whether libtorch has Gloo; without it the functions below are missing. */
  hasGloo(): boolean;
  /** Serves a store, on a free port for 0, and returns its port. */
  serveStore(host: string, port: number, prefix: string, timeoutMs: number): number;
  connectStore(host: string, port: number, prefix: string, timeoutMs: number): Promise<void>;
  storeSet(key: string, value: string): void;
  /** Waits for the key, up to the store's timeout. */
  storeGet(key: string): string;
  storeHas(key: string): boolean;
  /** Resolves when the store answers, however long that takes; it does not keep this process running. */
  storeAnswers(): Promise<void>;
  /** Returns the sum. */
  storeAdd(key: string, summand: number): number;
  /** Bound to the address or the interface; both empty: to what the host's name resolves to. */
  openGroup(rank: number, world: number, address: string, networkInterface: string, timeoutMs: number): Promise<void>;
  closeGroup(): void;
  allReduce(tensors: readonly Handle[], reduction: string): Promise<void>;
  allReduceNow(tensors: readonly Handle[], reduction: string): void;
  broadcast(tensors: readonly Handle[], root: number): Promise<void>;
  broadcastNow(tensors: readonly Handle[], root: number): void;
  allGather(outputs: readonly Handle[], input: Handle): Promise<void>;
  allGatherNow(outputs: readonly Handle[], input: Handle): void;
  allToAll(output: Handle, input: Handle, from: readonly number[], to: readonly number[]): Promise<void>;
  allToAllNow(output: Handle, input: Handle, from: readonly number[], to: readonly number[]): void;
  barrier(): Promise<void>;
  barrierNow(): void;
  packGradients(parameters: readonly Handle[], flat: Handle): void;
  unpackGradients(parameters: readonly Handle[], flat: Handle): void;
}

const buildFolder = new URL("../../build/", import.meta.url);

function cpuinfo(): string {
  try {
    return readFileSync("/proc/cpuinfo", "utf8");
  } catch {
    return "";
  }
}

/** The instruction sets that the CPU names, in the kernel's words (`avx2`, `amx_bf16`; `asimd` is NEON); empty off Linux. */
export function cpuFlags(): ReadonlySet<string> {
  return new Set(/^(?:flags|Features)\s*:(.*)$/m.exec(cpuinfo())?.[1]?.trim().split(/\s+/) ?? []);
}

/** Cores rather than hardware threads, which share the units that matrix products keep busy. */
export function physicalCores(): number {
  const processors = cpuinfo().split("\n\n");
  const core = (text: string) => text.match(/^(physical id|core id)\s*:.*$/gm)?.join();
  const cores = new Set(processors.map(core).filter((name) => name !== undefined));
  return Math.min(cores.size || Infinity, availableParallelism());
}

/** libtorch picks AVX2 where AVX-512 is faster, and trusts this variable without checking the CPU: so it is checked here. */
function preferWidestInstructions(): void {
  if (!isMainThread || process.env.ATEN_CPU_CAPABILITY !== undefined) return;
  const flags = cpuFlags();
  const needed = ["avx512f", "avx512bw", "avx512dq", "avx512vl", "fma"];
  if (needed.every((flag) => flags.has(flag))) process.env.ATEN_CPU_CAPABILITY = "avx512";
}

/** What libtorch logs with an error is in the error's message, too. With and without glog. */
function silenceLogs(): void {
  process.env.GLOG_minloglevel ??= "3";
  process.env.TORCH_CPP_LOG_LEVEL ??= "FATAL";
}

function load(): Native {
  preferWidestInstructions();
  silenceLogs();
  const path = fileURLToPath(new URL("Release/selfadapt.node", buildFolder));
  const setup = fileURLToPath(new URL("../scripts/setup.mjs", buildFolder));
  try {
    const addon = createRequire(import.meta.url)(path) as Native;
    if (process.env.OMP_NUM_THREADS === undefined) addon.setThreads(physicalCores());
    return addon;
  } catch (error) {
    const reason = (error as Error).message.split("\n")[0];
    throw new Error(`the libtorch addon did not load (${reason}); to build it, run: node ${setup}`);
  }
}

/**
 * The addon. The first access loads it, so that help texts do not wait for libtorch; the functions then belong to this
 * object itself, and a call costs what it costs on the addon.
 * @throws Error at the first access, with the command to run, when the addon does not load.
 */
export const native: Native = Object.create(
  new Proxy(
    {},
    {
      get(_, name: keyof Native) {
        Object.setPrototypeOf(Object.assign(native, load()), null);
        return native[name];
      },
    },
  ),
);
