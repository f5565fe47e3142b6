// The files that a run was started with, against those that are there now.
import { InputError } from "../errors.js";
import { listed } from "./listed.js";
import { samplesAt } from "./split/test-part.js";
import type { DataSet, HeldSamples, Samples } from "./types.js";

/** A file of a data set, and what the data set said of it. */
export interface RecordedFile {
  readonly file: string;
  readonly part: "train" | "validation" | "test";
  /** The name of its class; "" for none. */
  readonly label: string;
}

/** The files of a data set as it was read; null for data that is not in files. */
export function filesOf({ train, validation, test, classes }: DataSet): readonly RecordedFile[] | null {
  if (train.files === undefined) return null;
  const held = new Set(validation);
  const nameOf = (label: number | undefined) => classes[label ?? -1] ?? "";
  const trained = train.files.map(
    (file, i): RecordedFile => ({ file, part: held.has(i) ? "validation" : "train", label: nameOf(train.labels[i]) }),
  );
  const tested = (test?.files ?? []).map(
    (file, i): RecordedFile => ({ file, part: "test", label: nameOf(test?.labels[i]) }),
  );
  return [...trained, ...tested];
}

/** The files that are not there any more, and those that were not there before. */
export function compareFiles(before: readonly RecordedFile[], now: readonly RecordedFile[]) {
  const [earlier, later] = [new Set(before.map(({ file }) => file)), new Set(now.map(({ file }) => file))];
  return {
    missing: [...earlier].filter((file) => !later.has(file)),
    added: [...later].filter((file) => !earlier.has(file)),
  };
}

/** The files that are in another part than before; one that is listed several times is not compared. */
export function partsChanged(before: readonly RecordedFile[], now: readonly RecordedFile[]) {
  const earlier = new Map(before.map(({ file, part }) => [file, part]));
  const isListedOnce = earlier.size === before.length && new Set(now.map(({ file }) => file)).size === now.length;
  if (!isListedOnce) return [];
  return now.flatMap(({ file, part }) => {
    const was = earlier.get(file);
    return was === undefined || was === part ? [] : [{ file, before: was, now: part }];
  });
}

/** What became of the files, in a few words; that they are the same where they are. */
export function describeChange(before: readonly RecordedFile[], now: readonly RecordedFile[]): string {
  const { missing, added } = compareFiles(before, now);
  const some = (what: string, files: readonly string[]) =>
    files.length === 0 ? [] : [`${what} (${files.length}): ${listed(files, 3)}`];
  const changes = [...some("missing files", missing), ...some("new files", added)];
  return changes.length > 0 ? changes.join("; ") : "the same files, with other contents, labels or sizes";
}

/**
 * The data set that was recorded, in its order: training samples whose file is missing are black, new files are left out. A test
 * sample whose file is missing is left out as well.
 *
 * Throws `InputError` where no training sample is left, and for a file of a class that was not recorded.
 */
export function asRecorded(data: DataSet, recorded: readonly RecordedFile[], classes: readonly string[]): DataSet {
  const numbers = new Map(classes.map((name, i) => [name, i]));
  const numberOf = (name: string) => numbers.get(name) ?? -1;
  const training = recorded.filter(({ part }) => part !== "test");
  const places = new Map(data.train.files?.map((file, i) => [file, i]));
  const sources = Int32Array.from(training, ({ file }) => places.get(file) ?? -1);
  if (sources.every((source) => source < 0)) throw new InputError("none of the recorded training files is left");
  const labels = Int32Array.from(training, ({ label }, i) => {
    const source = sources[i] as number;
    return numberOf(source < 0 ? label : (data.classes[data.train.labels[source] as number] ?? ""));
  });
  const files = training.map(({ file }) => file);
  const validation = training.flatMap(({ part }, i) => (part === "validation" ? [i] : []));
  return {
    ...data,
    classes,
    train: { ...placed(data.train, sources), labels, files } as Samples,
    test: testAsRecorded(data, recorded, numberOf),
    ...(validation.length > 0 && { validation: Int32Array.from(validation) }),
  };
}

/** Values by their source, those without one 0; streamed images are looked for by their names. */
function placed(samples: Samples, sources: Int32Array): Partial<Samples> {
  if (samples.kind === "streamed") return samples;
  const size = samples.values.length / samples.labels.length;
  const values = new (samples.values.constructor as Uint8ArrayConstructor | Float32ArrayConstructor)(
    sources.length * size,
  );
  sources.forEach((source, i) => {
    if (source >= 0) values.set(samples.values.subarray(source * size, (source + 1) * size), i * size);
  });
  return { ...samples, values } satisfies HeldSamples;
}

function testAsRecorded(
  { test, classes }: DataSet,
  recorded: readonly RecordedFile[],
  numberOf: (name: string) => number,
): Samples | null {
  if (test === null) return null;
  const places = new Map(test.files?.map((file, i) => [file, i]));
  const kept = recorded.flatMap(({ part, file }) => {
    const place = part === "test" ? places.get(file) : undefined;
    return place === undefined ? [] : [place];
  });
  if (kept.length === 0) return null;
  const chosen = samplesAt(test, Int32Array.from(kept));
  return { ...chosen, labels: chosen.labels.map((label) => numberOf(classes[label] as string)) };
}
