// @ts-check
// The protocol of a side in JavaScript: what it is on the first line, then a line of answer for a line of request.

import { createInterface } from "node:readline";

/** What the process was started with. */
export const config = JSON.parse(process.argv[2] ?? "{}");

/**
 * Says that this side is ready, then answers requests until there are no more.
 * @param {Record<string, unknown>} facts
 * @param {(request: any) => unknown} answer
 */
export async function serve(facts, answer) {
  console.log(JSON.stringify(facts));
  for await (const line of createInterface({ input: process.stdin }))
    console.log(JSON.stringify(await answer(JSON.parse(line))));
}
