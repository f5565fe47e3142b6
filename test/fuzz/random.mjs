// @ts-check
// One stream of choices for each call, so that any call can be made again alone.
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** @typedef {ReturnType<typeof randomOf>} Random */

/** @param {number} seed @param {number} index */
export function randomOf(seed, index) {
  const generator = xoroshiro128plus(Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b));
  for (let i = 0; i < 4; i++) uniformInt(generator, 0, 1);
  const float = () => uniformFloat64(generator);
  /** @param {number} low @param {number} high */
  const int = (low, high) => uniformInt(generator, low, high);
  /** @template T @param {readonly T[]} list @returns {T} */
  const pick = (list) => /** @type {T} */ (list[int(0, list.length - 1)]);
  /** @param {number} probability */
  const chance = (probability) => float() < probability;
  /** @template T @param {number} length @param {(i: number) => T} make */
  const list = (length, make) => Array.from({ length }, (_, i) => make(i));
  return { float, int, pick, chance, list };
}
