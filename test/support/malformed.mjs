// @ts-check
// Requests that no well-meaning client sends, the same for the same seed.
import { randomFrom } from "../../dist/data/random.js";

/** @typedef {{ method: string, path: string, headers: Record<string, string>, body?: Uint8Array<ArrayBuffer> | string }} Malformed */

const types = [
  "image/png",
  "image/jpeg",
  "application/octet-stream",
  "application/json",
  "application/json; charset=utf-16",
  "multipart/form-data; boundary=xyz",
  "multipart/form-data; boundary=",
  "multipart/form-data",
  "multipart/mixed; boundary=xyz",
  "text/plain",
  "image/",
  "application/x-www-form-urlencoded",
  "",
];
const texts = [
  "",
  "{",
  "null",
  "[]",
  '{"images": "a"}',
  '{"images": []}',
  '{"images": [""]}',
  '{"images": ["%%%", {}]}',
  '{"images": [1, null, [[]]]}',
  '{"features": [[1, 2]]}',
  '{"features": {"length": 4}}',
  '{"__proto__": {"images": ["a"]}}',
  '{"constructor": {"prototype": {}}}',
  `${"[".repeat(20_000)}`,
  `{"images": ["${"A".repeat(5000)}"]}`,
  "--xyz",
  "--xyz--\r\n",
  '--xyz\r\nContent-Disposition: form-data; name="a"; filename="a.png"\r\n\r\nnothing\r\n--xyz--\r\n',
  '--xyz\r\nContent-Disposition: form-data; name="a"; filename="../../a"\r\n\r\nhalf',
  '--xyz\r\nContent-Disposition: form-data; name="__proto__"\r\n\r\nvalue\r\n--xyz--\r\n',
  `--xyz\r\n${"X: y\r\n".repeat(3000)}\r\n`,
  '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="file:///etc/passwd"/></svg>',
  "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><svg>&b;</svg>",
];
const paths = [
  "/predict",
  "/predict",
  "/predict",
  "/predict/",
  "/predict?x=%ff",
  "/%00",
  "/../../etc/passwd",
  "//",
  "/health",
];

/**
 * Request number `i` of a seed: broken headers, bodies and pictures; `picture` is an image to damage.
 * @param {number} seed @param {number} i @param {Uint8Array} picture
 * @returns {Malformed}
 */
export function malformedRequest(seed, i, picture) {
  const random = randomFrom(seed, "malformed", i);
  const pick = (/** @type {readonly string[]} */ list) => /** @type {string} */ (list[random.integer(list.length)]);
  const kind = random.integer(3);
  const type = pick(types);
  /** @type {Record<string, string>} */
  const headers = type === "" ? {} : { "content-type": type };
  if (kind === 0) {
    return { method: "POST", path: "/predict", headers: { "content-type": pick(types.slice(0, 3)) }, body: damaged() };
  }
  if (kind === 1) return { method: "POST", path: pick(paths), headers, body: pick(texts) };
  const method = pick(["POST", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "GET"]);
  if (method === "GET") return { method, path: pick(paths), headers };
  return { method, path: pick(paths), headers, body: damaged() };

  /** Cut off within its first half, so that it can never be whole, and overwritten here and there. */
  function damaged() {
    const bytes = Uint8Array.from(picture.subarray(0, random.integer(picture.length >> 1)));
    for (let left = random.integer(20); left > 0 && bytes.length > 0; left--) {
      bytes[random.integer(bytes.length)] = random.integer(256);
    }
    return bytes;
  }
}
