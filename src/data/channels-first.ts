// Images whose channels come last, as most array libraries hold them, in our order.

/** (n, pixels, channels) as (n, channels, pixels). */
export function channelsFirst<T extends Uint8Array | Float32Array>(values: T, channels: number, pixels: number): T {
  if (channels === 1) return values;
  const out = values.slice() as T;
  const size = channels * pixels;
  for (let start = 0; start < values.length; start += size) {
    for (let channel = 0; channel < channels; channel++) {
      const plane = start + channel * pixels;
      for (let i = 0; i < pixels; i++) out[plane + i] = values[start + i * channels + channel]!;
    }
  }
  return out;
}
