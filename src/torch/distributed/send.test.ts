import { expect, test } from "vitest";
import { soloGroup } from "./group.js";
import { sendToFirst } from "./send.js";

test("bytes come in pieces that cut no unit in two, all of them and in order", async () => {
  const unit = 4000;
  const bytes = new Uint8Array(unit * 33_000);
  for (let i = 0; i < bytes.length; i += unit) bytes[i] = i / unit;
  const received: Uint8Array[] = [];
  await sendToFirst(soloGroup, { from: 0, bytes, length: bytes.length, unit }, (piece) => void received.push(piece));
  expect(received.length).toBeGreaterThan(1);
  for (const { length } of received) expect(length % unit).toBe(0);
  expect(Buffer.compare(Buffer.concat(received), bytes)).toBe(0);
});
