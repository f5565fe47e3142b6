// The cursor of a stream of events: the positions in the run's files.
import { beginning, type Position } from "./tail.js";

export interface Cursor {
  readonly metrics: Position;
  readonly steps: Position;
  readonly notes: Position;
}

export const start: Cursor = { metrics: beginning, steps: beginning, notes: beginning };

/** Such as "1024.77:4096.78:0.0": bytes and inode of metrics.jsonl, steps.jsonl and notes.jsonl. */
export function cursorText({ metrics, steps, notes }: Cursor): string {
  return [metrics, steps, notes].map(({ bytes, inode }) => `${bytes}.${inode}`).join(":");
}

/** The beginning for anything that is no cursor. */
export function parseCursor(text: unknown): Cursor {
  if (typeof text !== "string" || !/^\d{1,15}\.\d{1,15}(:\d{1,15}\.\d{1,15}){2}$/.test(text)) return start;
  const [metrics, steps, notes] = text.split(":").map((part): Position => {
    const [bytes, inode] = part.split(".").map(Number);
    return { bytes: bytes as number, inode: inode as number };
  });
  return { metrics, steps, notes } as Cursor;
}
