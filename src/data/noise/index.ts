// Noise, one file per kind.
export { applyNoise, type NoiseOptions, type NoisySamples } from "./apply.js";
export { readNoiseMatrix } from "./matrix.js";
export { type NoiseSpec, parseNoise } from "./spec.js";
