// Data in memory, for tests that look at its values.
import { type DataOptions, type DataSet, type HeldSamples, readDataSet, type Samples } from "../../src/data/index.js";

/** The samples, which must not be streamed. */
export function held(samples: Samples): HeldSamples {
  if (samples.kind === "streamed") throw new Error("expected samples in memory, received streamed ones");
  return samples;
}

/** `readDataSet` of data that is read into memory. */
export async function readHeld(path: string, options?: DataOptions): Promise<DataSet<HeldSamples>> {
  const data = await readDataSet(path, options);
  return { ...data, train: held(data.train), test: data.test && held(data.test) };
}
