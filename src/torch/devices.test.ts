// The choices that are made of what this machine has.
import { describe, expect, test } from "vitest";
import { InputError } from "../errors.js";
import {
  buildConfiguration,
  chooseDevice,
  chooseKernels,
  choosePrecision,
  cpuCapability,
  cudaDevices,
  fastestPrecision,
  libtorchVersion,
  multipliesBfloat16,
  ops,
  setThreads,
  threads,
} from "./index.js";

describe("the device", () => {
  test("is the first CUDA one for auto where there is one", () => {
    expect(chooseDevice("auto")).toBe(cudaDevices() > 0 ? "cuda" : "cpu");
    expect(chooseDevice("cpu")).toBe("cpu");
  });

  test("of several processes of a machine is the one in turn, unless it is named", () => {
    const ranks = {
      rank: 7,
      world: 8,
      localRank: 3,
      localWorld: 4,
      host: "a",
      port: 1,
      launcherServes: true,
      attempt: 0,
    };
    const chosen = ["auto", "cuda", "cuda:0", "cpu"].map((name) => chooseDevice(name, { count: 2, ranks }));
    expect(chosen).toEqual(["cuda:1", "cuda:1", "cuda:0", "cpu"]);
    expect(chooseDevice("cuda", { count: 2, ranks: null })).toBe("cuda");
    expect(chooseDevice("auto", { count: 0, ranks })).toBe("cpu");
  });

  test("that is absent is refused as wrong input, with what to do", () => {
    const absent = `cuda:${cudaDevices()}`;
    expect(() => chooseDevice(absent)).toThrow(InputError);
    expect(() => chooseDevice(absent)).toThrow(`device "${absent}" was requested, but libtorch sees`);
    expect(() => chooseDevice("gpu")).toThrow(
      new InputError('unknown device "gpu"; expected auto, cpu, cuda or cuda:N'),
    );
  });

  test.runIf(cudaDevices() === 0)("cuda given to an operator without CUDA is an error of one line", () => {
    expect(() => ops.zeros([1], { device: "cuda" })).toThrow(
      /^zeros: device "cuda" was asked for, but libtorch sees no CUDA device here$/,
    );
  });
});

describe("precision", () => {
  test.each([
    ["cuda", "auto", [], [], "bfloat16"],
    ["cpu", "auto", ["amx_bf16", "avx512_bf16"], ["amx", "winograd"], "bfloat16"],
    ["cpu", "winograd", ["amx_bf16", "avx512_bf16"], ["amx", "winograd"], "float32"],
    ["cpu", "auto", ["avx512_bf16"], ["winograd"], "float32"],
    ["cpu", "stock", ["avx512_bf16"], ["winograd"], "bfloat16"],
    ["cpu", "auto", ["avx512_bf16"], [], "bfloat16"],
    ["cpu", "auto", ["avx2"], ["winograd"], "float32"],
    ["cpu", "stock", ["avx2"], ["winograd"], "float32"],
  ] as const)("is for auto on %s by %s kernels, with [%s] and [%s], %s", (device, kernels, flags, packed, expected) => {
    expect(fastestPrecision(device, kernels, { flags: new Set<string>(flags), packed })).toBe(expected);
  });

  test("is the named one, or for auto the fastest", () => {
    expect(choosePrecision("auto", "cpu", "stock")).toBe(multipliesBfloat16("cpu") ? "bfloat16" : "float32");
    expect(choosePrecision("auto", "cuda")).toBe("bfloat16");
    expect(choosePrecision("fp64", "cpu")).toBe("float64");
    expect(choosePrecision("fp32", "cpu")).toBe("float32");
  });
});

describe("kernels", () => {
  const every = ["amx", "winograd"] as const;

  test("are for auto the best ones of the CPU in the precision, else stock", () => {
    expect(chooseKernels("auto", "cpu", "bfloat16", every)).toBe("amx");
    expect(chooseKernels("auto", "cpu", "bfloat16", ["winograd"])).toBe("stock");
    expect(chooseKernels("auto", "cpu", "bfloat16", [])).toBe("stock");
    expect(chooseKernels("auto", "cpu", "float32", ["amx"])).toBe("stock");
    expect(chooseKernels("auto", "cuda", "bfloat16", every)).toBe("stock");
    expect(chooseKernels("auto", "cpu", "float32", every)).toBe("winograd");
    expect(chooseKernels("auto", "cpu", "float64", every)).toBe("stock");
  });

  test("are the requested ones where possible", () => {
    expect(chooseKernels("winograd", "cpu", "float32", every)).toBe("winograd");
    expect(chooseKernels("amx", "cpu", "bfloat16", every)).toBe("amx");
    expect(chooseKernels("stock", "cuda:1", "float64", every)).toBe("stock");
  });

  test.each([
    ["amx", "cpu", "bfloat16", ["winograd"], "this CPU and build can run stock, winograd; use `kernels: auto`"],
    ["winograd", "cpu", "float32", [], "this CPU and build can run stock; use `kernels: auto`"],
    ["amx", "cpu", "float32", every, "they compute in bf16 only; use `kernels: auto` or `precision: bf16`"],
    ["winograd", "cpu", "bfloat16", every, "they compute in fp32 only; use `kernels: auto` or `precision: fp32`"],
    [
      "amx",
      "cuda",
      "bfloat16",
      every,
      "they run on the CPU and the device is cuda; use `kernels: auto` or `device: cpu`",
    ],
  ] as const)(
    "%s on %s in %s, where there are [%s], are refused in one line",
    (requested, device, precision, packed, reason) => {
      const message = `kernels "${requested}" were requested, but ${reason}`;
      expect(() => chooseKernels(requested, device, precision, packed)).toThrow(new InputError(message));
    },
  );
});

describe("this libtorch", () => {
  test("has a version and an instruction set", () => {
    expect(libtorchVersion()).toMatch(/^\d+\.\d+/);
    expect(buildConfiguration()).toContain("PyTorch built with");
    expect(cpuCapability()).toMatch(/^[A-Z0-9 ]+$/);
  });

  test("uses the requested number of threads, from 1 to 1024", () => {
    const before = threads();
    setThreads(1);
    expect(threads()).toBe(1);
    for (const wrong of [0, -1, 1025, 2 ** 32 + 1, 1.5, Number.NaN]) {
      expect(() => setThreads(wrong)).toThrow(`\`threads\`: received ${wrong}; expected a whole number from 1 to 1024`);
    }
    expect(threads()).toBe(1);
    setThreads(before);
  });
});
