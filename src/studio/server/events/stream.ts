// A run's events as a stream: server-sent events, with the cursor as their id.
import type { ServerResponse } from "node:http";
import type { z } from "zod";
import { readRunRecipe } from "../../../runs/run-folder.js";
import type { statusEvent } from "../../api.js";
import { stateOf } from "../runs/run-status.js";
import { startEpochOf } from "../runs/start-epoch.js";
import { changesSince, type RunEvent } from "./changes.js";
import { type Cursor, cursorText } from "./cursor.js";
import { diskNote, type Machine } from "./machine.js";
import { followNoise } from "./noise-curve.js";
import { secondsLeft } from "./time-left.js";

/** Milliseconds between looks at the run's files, and between readings of the machine and the time left. */
const lookMs = 500;
const readMs = 2000;

/** Writes events until the client is gone. @see https://html.spec.whatwg.org/multipage/server-sent-events.html */
export function streamEvents(response: ServerResponse, run: string, from: Cursor, load: () => Machine): void {
  let cursor = from;
  let status = "";
  let warned = false;
  const nextNoise = followNoise(run);
  const send = ({ name, data }: RunEvent) =>
    response.write(`event: ${name}\nid: ${cursorText(cursor)}\ndata: ${JSON.stringify(data)}\n\n`);
  const sendStatus = () => {
    const now = statusOf(run);
    if (JSON.stringify(now) === status) return;
    status = JSON.stringify(now);
    send({ name: "status", data: now });
  };
  const look = () => {
    const changes = changesSince(run, cursor);
    // The cursor goes with the last event, so that a connection lost in between repeats events and loses none.
    for (const event of changes.events.slice(0, -1)) send(event);
    cursor = changes.cursor;
    for (const event of changes.events.slice(-1)) send(event);
    if (changes.events.length > 0) sendStatus();
    const noise = nextNoise();
    if (noise.length > 0) send({ name: "noise", data: noise });
  };
  const read = () => {
    sendStatus();
    const machine = load();
    send({ name: "machine", data: machine });
    const note = diskNote(machine);
    if (note !== null && !warned) send({ name: "note", data: note });
    warned = note !== null;
  };
  const quietly = (action: () => void) => () => {
    try {
      action();
    } catch {
      // The run was deleted, or is being written: the next look shows.
    }
  };
  const timers = [setInterval(quietly(look), lookMs), setInterval(quietly(read), readMs)];
  response.once("close", () => timers.forEach((timer) => void clearInterval(timer)));
  response.write("retry: 1000\n\n");
  for (const action of [look, read]) quietly(action)();
}

function statusOf(run: string): z.output<typeof statusEvent> {
  const { status } = stateOf(run);
  const { recipe, resolved } = readRunRecipe(run);
  const { epochs, batchSize = 1 } = recipe;
  const size = { epochs, batchSize, trainSize: resolved.trainSize };
  const left = status === "running" ? secondsLeft(run, size) : null;
  return { status, startEpoch: startEpochOf(run, recipe), secondsLeft: left };
}
