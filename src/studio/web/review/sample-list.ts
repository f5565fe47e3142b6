// A list of sample numbers in the address: differences in base 36, "2s.1.1.a".

/** Sorts the numbers and writes them. */
export function packSamples(samples: readonly number[]): string {
  const sorted = [...new Set(samples)].sort((a, b) => a - b);
  return sorted.map((sample, i) => (sample - (sorted[i - 1] ?? 0)).toString(36)).join(".");
}

/** Reads them; what is no number ends the list. */
export function unpackSamples(text: string): number[] {
  const samples: number[] = [];
  let sample = 0;
  for (const part of text.split(".")) {
    const step = /^[0-9a-z]+$/.test(part) ? Number.parseInt(part, 36) : Number.NaN;
    sample += step;
    if (!Number.isSafeInteger(sample)) break;
    samples.push(sample);
  }
  return samples;
}
