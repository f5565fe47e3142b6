// Events as protocol buffers: the few messages and fields that TensorBoard's event files need.
// @see https://github.com/tensorflow/tensorboard: compat/proto/event.proto, summary.proto

type Bytes = readonly Uint8Array[];

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Uint8Array.from([...bytes, Number(rest)]);
}

const key = (field: number, wire: 0 | 1 | 2 | 5) => varint(field * 8 + wire);
const integer = (field: number, value: number): Bytes => [key(field, 0), varint(value)];
const bytes = (field: number, value: Uint8Array): Bytes => [key(field, 2), varint(value.length), value];
const text = (field: number, value: string) => bytes(field, Buffer.from(value));
const message = (field: number, parts: Bytes) => bytes(field, Buffer.concat(parts));
const doubles = (field: number, values: readonly number[]) =>
  bytes(field, new Uint8Array(Float64Array.from(values).buffer));
const double = (field: number, value: number): Bytes => [key(field, 1), new Uint8Array(Float64Array.of(value).buffer)];
const float = (field: number, value: number): Bytes => [key(field, 5), new Uint8Array(Float32Array.of(value).buffer)];

/** A value of a summary, with its tag. */
export type Value = Bytes;

export const scalar = (tag: string, value: number): Value => [...text(1, tag), ...float(2, value)];

/** A PNG image of 3 channels. */
export const image = (tag: string, png: Uint8Array, height: number, width: number): Value => [
  ...text(1, tag),
  ...message(4, [...integer(1, height), ...integer(2, width), ...integer(3, 3), ...bytes(4, png)]),
];

/** How many values lie in each of `buckets` equal parts of 0 to 1; a value on a border counts in the lower part. */
export function histogram(tag: string, values: ArrayLike<number>, buckets = 30): Value {
  const counts = new Array<number>(buckets).fill(0);
  let [sum, squares, least, largest] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    const bucket = Math.min(Math.max(Math.ceil(value * buckets) - 1, 0), buckets - 1);
    counts[bucket]!++;
    sum += value;
    squares += value * value;
    least = Math.min(least, value);
    largest = Math.max(largest, value);
  }
  const limits = counts.map((_, i) => (i + 1) / buckets);
  const figures = [least, largest, values.length, sum, squares].flatMap((value, i) => double(i + 1, value));
  return [...text(1, tag), ...message(5, [...figures, ...doubles(6, limits), ...doubles(7, counts)])];
}

const eventOf = (step: number, parts: Bytes) =>
  Buffer.concat([...double(1, Date.now() / 1000), ...integer(2, step), ...parts]);

/** The first event of every file. */
export const versionEvent = (): Buffer => eventOf(0, text(3, "brain.Event:2"));

export const summaryEvent = (step: number, values: readonly Value[]): Buffer =>
  eventOf(
    step,
    message(
      5,
      values.flatMap((value) => message(1, value)),
    ),
  );
