// The diagnosis of `doctor`.
import { readFileSync } from "node:fs";
import { cpus, networkInterfaces } from "node:os";
import * as torch from "../../../torch/index.js";
import { cpuFlags } from "../../../torch/native.js";
import { alignedRows } from "../../shared/output.js";

export interface Diagnosis {
  readonly libtorch: { readonly version: string; readonly path: string; readonly source: string };
  readonly device: string;
  readonly cudaDevices: number;
  readonly threads: number;
  readonly cpu: { readonly model: string; readonly instructionSets: readonly string[] };
  /** The kernels of `--kernels auto`, and why. */
  readonly kernels: string;
  /** The type of `--precision auto`. */
  readonly precision: torch.DType;
  /** What several processes work together on, and the address of Gloo for those of other machines; null without Gloo. */
  readonly processes: { readonly backends: readonly string[]; readonly address: string } | null;
  readonly node: string;
  readonly advice: readonly string[];
}

const fastInstructionSets = ["avx2", "fma", "avx512f", "avx512_bf16", "amx_bf16", "asimd"];

/** The libtorch that the addon was built for, as setup recorded it. */
function builtFor(): { path: string; source: string } {
  const file = new URL("../../../../build/libtorch.json", import.meta.url);
  const { path, source } = JSON.parse(readFileSync(file, "utf8")) as { path: string; source: string };
  return { path, source };
}

function adviceFor({ cuda, bf16, system }: { cuda: number; bf16: boolean; system: boolean }): string[] {
  const advice: string[] = [];
  if (cuda === 0 && system) {
    advice.push(
      "for a GPU: unpack the official CUDA libtorch 2.x, set LIBTORCH to its folder, and set up again: npm run setup in a clone, npm rebuild in a project",
    );
  }
  if (cuda === 0 && !bf16) advice.push("this CPU has no native bf16 multiplication, so training runs in fp32");
  if (/BLAS_INFO=generic/.test(torch.buildConfiguration()) && torch.threads() === 1) {
    advice.push("only one thread is used; --threads sets more on a machine with more cores");
  }
  return advice;
}

/** The default kernels on the device, and why. */
function defaultKernels(device: string, precision: torch.DType, flags: ReadonlySet<string>): string {
  const kernels = torch.chooseKernels("auto", device, precision);
  const stock = `stock ${torch.cpuCapability()}`;
  if (device !== "cpu") return `stock ${device}: the package's kernels are for the CPU`;
  if (kernels !== "stock") {
    const others = torch.packedKernels().filter((name) => name !== kernels);
    const also = others.length === 0 ? "" : `; ${others.join(" and ")} in other precisions`;
    return `${kernels} (${precision} convolutions, batch norm and pooling in one operator); ${stock} for the rest${also}`;
  }
  return `${stock}: ${lackOfKernels(flags, precision)}`;
}

/** Why the package's kernels do not run on a CPU with these instruction sets. */
export function lackOfKernels(flags: ReadonlySet<string>, precision: torch.DType): string {
  if (flags.size === 0) return "the package's kernels are for Linux on x64 and arm64";
  const able = fastInstructionSets.filter((name) => flags.has(name));
  const sufficient = flags.has("asimd") || (flags.has("avx2") && flags.has("fma"));
  if (!sufficient) return `the package's kernels need AVX2 and FMA; this CPU has ${able.join(", ") || "neither"}`;
  return `this CPU has ${able.join(", ")}, but this build has no kernels for it in ${precision}`;
}

function precisionReason(precision: torch.DType, device: string): string {
  if (precision === "bfloat16") return "the device multiplies bf16 natively";
  if (device === "cpu" && torch.kernelsIn("float32").length > 0) return "without AMX these kernels are the fastest";
  return "the device does not multiply bf16 natively";
}

/** The interface that Gloo is told, or the first address that other machines can reach. */
function outwardAddress(): string {
  const named = process.env.GLOO_SOCKET_IFNAME;
  if (named) return named;
  const outward = Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .find(({ internal }) => !internal);
  return outward?.address ?? "127.0.0.1";
}

/** @throws InputError when CUDA is requested and absent; Error with the command to run when the addon does not load. */
export function diagnose({ device: requested, threads }: { device: string; threads: number | undefined }): Diagnosis {
  torch.setThreads(threads);
  const device = torch.chooseDevice(requested);
  const flags = cpuFlags();
  const cuda = torch.cudaDevices();
  const built = builtFor();
  const precision = torch.choosePrecision("auto", device);
  return {
    libtorch: { version: torch.libtorchVersion(), ...built },
    device,
    cudaDevices: cuda,
    threads: torch.threads(),
    cpu: {
      model: cpus()[0]?.model ?? "unknown",
      instructionSets: fastInstructionSets.filter((name) => flags.has(name)),
    },
    kernels: defaultKernels(device, precision, flags),
    precision,
    processes: torch.distributed.hasGloo() ? { backends: ["gloo"], address: outwardAddress() } : null,
    node: process.versions.node,
    advice: adviceFor({ cuda, bf16: torch.multipliesBfloat16("cpu"), system: built.source === "system" }),
  };
}

function processesText(processes: Diagnosis["processes"]): string {
  if (processes === null) return "one: this libtorch was built without Gloo";
  return `several, on ${processes.backends.join(" and ")}; other machines reach this one at ${processes.address}`;
}

export function diagnosisLines({ libtorch, cpu, advice, ...rest }: Diagnosis): string[] {
  return [
    ...alignedRows([
      ["libtorch", `${libtorch.version} at ${libtorch.path} (${libtorch.source})`],
      ["device", `${rest.device}; ${rest.cudaDevices} CUDA devices`],
      ["CPU", `${cpu.model}: ${cpu.instructionSets.join(", ") || "no vector extensions known"}`],
      ["threads", String(rest.threads)],
      ["kernels", rest.kernels],
      ["precision", `${rest.precision} by default: ${precisionReason(rest.precision, rest.device)}`],
      ["processes", processesText(rest.processes)],
      ["Node", rest.node],
    ]),
    ...advice.map((line) => `advice: ${line}`),
  ];
}
