// What `doctor` finds out.
import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import * as torch from "../../../torch/index.js";
import { cpuFlags } from "../../../torch/native.js";
import { alignedRows } from "../../shared/output.js";

export interface Diagnosis {
  readonly libtorch: { readonly version: string; readonly path: string; readonly source: string };
  readonly device: string;
  readonly cudaDevices: number;
  readonly threads: number;
  readonly cpu: { readonly model: string; readonly instructionSets: readonly string[] };
  /** Which kernels run where none are asked for, and why. */
  readonly kernels: string;
  readonly precision: string;
  readonly node: string;
  readonly advice: readonly string[];
}

const interesting = ["avx2", "avx512f", "avx512_bf16", "amx_bf16"];

/** What setup wrote down of the libtorch that the addon was built for. */
function builtFor(): { path: string; source: string } {
  const file = new URL("../../../../build/libtorch.json", import.meta.url);
  const { path, source } = JSON.parse(readFileSync(file, "utf8")) as { path: string; source: string };
  return { path, source };
}

function adviceFor({ cuda, bf16, system }: { cuda: number; bf16: boolean; system: boolean }): string[] {
  const advice: string[] = [];
  if (cuda === 0 && system) {
    advice.push("for a GPU: unpack the official CUDA libtorch 2.x, set LIBTORCH to its folder, and run npm run setup");
  }
  if (cuda === 0 && !bf16) advice.push("this CPU does not multiply bf16 natively, so training runs in fp32");
  if (/BLAS_INFO=generic/.test(torch.buildConfiguration()) && torch.threads() === 1) {
    advice.push("one thread is used; --threads takes more where the machine has them");
  }
  return advice;
}

/** Which kernels run on the device, and why. */
function kernelsHere(device: string, precision: torch.DType, flags: ReadonlySet<string>): string {
  const kernels = torch.chooseKernels("auto", device, precision);
  const stock = `stock ${torch.cpuCapability()}`;
  if (device !== "cpu") return `stock ${device}: the package's kernels are for the CPU`;
  if (kernels !== "stock") {
    const others = torch.packedKernels().filter((name) => name !== kernels);
    const also = others.length === 0 ? "" : `; ${others.join(" and ")} in other precisions`;
    return `${kernels} (${precision} convolutions, batch norm and pooling in one operator); ${stock} for the rest${also}`;
  }
  const able = interesting.filter((name) => flags.has(name));
  if (able.length === 0) return `${stock}: this CPU does not have AVX2`;
  return `${stock}: this CPU has ${able.join(" and ")}, but this build has no kernels for it in ${precision}`;
}

/** @throws InputError when CUDA is asked for and absent; Error with the command to run when the addon does not load. */
export function diagnose({ device: wanted, threads }: { device: string; threads: number | undefined }): Diagnosis {
  if (threads !== undefined) torch.setThreads(threads);
  const device = torch.chooseDevice(wanted);
  const flags = cpuFlags();
  const cuda = torch.cudaDevices();
  const built = builtFor();
  const precision = torch.choosePrecision("auto", device);
  return {
    libtorch: { version: torch.libtorchVersion(), ...built },
    device,
    cudaDevices: cuda,
    threads: torch.threads(),
    cpu: { model: cpus()[0]?.model ?? "unknown", instructionSets: interesting.filter((name) => flags.has(name)) },
    kernels: kernelsHere(device, precision, flags),
    precision,
    node: process.versions.node,
    advice: adviceFor({ cuda, bf16: torch.multipliesBfloat16("cpu"), system: built.source === "system" }),
  };
}

export function diagnosisLines({ libtorch, cpu, advice, ...found }: Diagnosis): string[] {
  return [
    ...alignedRows([
      ["libtorch", `${libtorch.version} at ${libtorch.path} (${libtorch.source})`],
      ["device", `${found.device}; ${found.cudaDevices} CUDA devices`],
      ["CPU", `${cpu.model}: ${cpu.instructionSets.join(", ") || "no vector extensions known"}`],
      ["threads", String(found.threads)],
      ["kernels", found.kernels],
      ["precision", `${found.precision} where none is asked for`],
      ["Node", found.node],
    ]),
    ...advice.map((line) => `advice: ${line}`),
  ];
}
