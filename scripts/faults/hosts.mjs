// @ts-check
// Two hosts on this machine: network namespaces joined by a cable that can be pulled. Needs root and `ip`.

import { spawnSync } from "node:child_process";

const names = [`selfadapt-a-${process.pid}`, `selfadapt-b-${process.pid}`];
const addresses = ["10.77.0.1", "10.77.0.2"];

/** @param {string} words */
function ip(words) {
  const { status, stderr, error } = spawnSync("ip", words.split(" "), { encoding: "utf8" });
  if (status !== 0) throw new Error(`ip ${words}: ${error?.message ?? stderr.trim()}`);
}

/** Why two hosts cannot be made here; null where they can. @returns {string | null} */
export function whyNoHosts() {
  try {
    withoutHosts();
    makeHosts();
    return null;
  } catch (error) {
    return /** @type {Error} */ (error).message;
  } finally {
    withoutHosts();
  }
}

/** Makes the hosts, which do not know each other's names. */
export function makeHosts() {
  const [a = "", b = ""] = names;
  for (const name of names) ip(`netns add ${name}`);
  ip(`link add cable netns ${a} type veth peer name cable netns ${b}`);
  for (const [i, name] of names.entries()) {
    ip(`-n ${name} addr add ${addresses[i]}/24 dev cable`);
    for (const link of ["lo", "cable"]) ip(`-n ${name} link set ${link} up`);
  }
  return {
    names: /** @type {[string, string]} */ (names),
    address: addresses[0] ?? "",
    pull: () => ip(`-n ${a} link set cable down`),
  };
}

export function withoutHosts() {
  for (const name of names) spawnSync("ip", ["netns", "del", name]);
}
