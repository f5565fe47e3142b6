// The reasons that `doctor` gives.
import { expect, test } from "vitest";
import { lackOfKernels } from "./diagnosis.js";

test.each([
  [[], "the package's kernels are for Linux on x64 and arm64"],
  [["sse2"], "the package's kernels need AVX2 and FMA; this CPU has neither"],
  [["sse2", "fma"], "the package's kernels need AVX2 and FMA; this CPU has fma"],
  [["sse2", "avx2"], "the package's kernels need AVX2 and FMA; this CPU has avx2"],
  [["avx2", "fma", "avx512f"], "this CPU has avx2, fma, avx512f, but this build has no kernels for it in bfloat16"],
  [["fp", "asimd"], "this CPU has asimd, but this build has no kernels for it in bfloat16"],
])("doctor says what the kernels lack on a CPU with [%s]", (flags, reason) => {
  expect(lackOfKernels(new Set(flags), "bfloat16")).toBe(reason);
});
