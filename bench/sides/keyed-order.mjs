// @ts-check
// A shuffled order that needs no memory: a bijection of 0 .. n - 1, chosen by a key.

const ROUNDS = 6;

/** Murmur3's finalizer. @param {number} value */
function mixed(value) {
  let bits = value;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

/**
 * The place of each position in the order: a Feistel network on the least even number of bits that hold n; results of n or more are
 * sent through it again.
 * @param {number} n up to 2^52 @param {number} key
 * @see Black and Rogaway 2002, "Ciphers with arbitrary finite domains" (cycle walking)
 */
export function keyedOrder(n, key) {
  const half = Math.max(1, Math.ceil(Math.log2(Math.max(2, n)) / 2));
  const size = 2 ** half;
  const keys = Array.from({ length: ROUNDS }, (_, round) => mixed(Math.imul(key + 1, 0x9e3779b9) + round));
  /** @param {number} position */
  const once = (position) => {
    let [left, right] = [Math.floor(position / size), position % size];
    for (const roundKey of keys) [left, right] = [right, (left ^ mixed(right ^ roundKey)) & (size - 1)];
    return left * size + right;
  };
  return (/** @type {number} */ position) => {
    let place = once(position);
    while (place >= n) place = once(place);
    return place;
  };
}
