// npm leaves out an optional package whose engines exclude the Node in use, without a word: none may exclude the oldest one.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Locked {
  readonly packages: Readonly<Record<string, { readonly engines?: { readonly node?: string } }>>;
}

const read = <T>(file: string): T => JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), "utf8"));
const oldest = read<{ engines: { node: string } }>("package.json").engines.node.replace(">=", "");

const numbers = (version: string) => version.split(".").map((part) => Number.parseInt(part, 10) || 0);

function isAtLeast(version: string, least: string): boolean {
  const [have, want] = [numbers(version), numbers(least)];
  const first = [0, 1, 2].find((i) => (have[i] ?? 0) !== (want[i] ?? 0));
  return first === undefined || (have[first] ?? 0) > (want[first] ?? 0);
}

/** Whether a range of package.json, such as `^18 || >=20.9`, holds the version. */
function holds(range: string, version: string): boolean {
  return range.split("||").some((alternative) => {
    const [, operator, least] = /([<>^~=]*)\s*v?(\d[\d.x]*)/.exec(alternative) ?? [];
    if (least === undefined) return true;
    if (operator?.startsWith(">")) return isAtLeast(version, least);
    return numbers(version)[0] === numbers(least)[0] && isAtLeast(version, least);
  });
}

test(`every locked package can be installed on Node ${oldest}`, () => {
  const { packages } = read<Locked>("package-lock.json");
  const refused = Object.entries(packages).filter(([, { engines }]) => !holds(engines?.node ?? "*", oldest));
  expect(refused.map(([name, { engines }]) => `${name}: ${engines?.node}`)).toEqual([]);
});
