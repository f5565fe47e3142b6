// @ts-check
// One rank of several: the milliseconds in which the rows of a step come from their owners and go back, the bytes that it sends to others,
// and the memory of the rows that it owns.
import { randomFrom } from "../../dist/data/index.js";
import { ownedState } from "../../dist/objectives/index.js";
import { distributed, liveBytes, ops } from "../../dist/torch/index.js";
import { median } from "../measurement.mjs";

const ROUNDS = 50;
const [samples = 0, classes = 0, batch = 0] = process.argv.slice(2).map(Number);
const ranks = distributed.ranksFrom();
if (ranks === null) throw new Error("started as a rank only");
const group = await distributed.openGroup(ranks);
const { rank, world } = group;
let sent = 0;
const counting = {
  ...group,
  /** @type {distributed.ProcessGroup["allToAll"]} */
  allToAll(output, input, from, to) {
    const width = input.shape[1] ?? 0;
    sent += width * to.reduce((sum, rows, other) => sum + (other === rank ? 0 : rows), 0);
    return group.allToAll(output, input, from, to);
  },
};

const before = liveBytes();
const state = ownedState(counting, samples);
state.rows(samples, ({ count }) => ops.zeros([count, classes]));
const memory = liveBytes() - before;
const milliseconds = [];
for (let i = 0; i < ROUNDS; i++) {
  const drawn = randomFrom(i, "rows").sample(samples, batch);
  const shares = Array.from({ length: world }, (_, other) => distributed.blockOf(drawn, { ...group, rank: other }));
  await group.barrier();
  const began = performance.now();
  await state.fetch(shares);
  await state.giveBack();
  milliseconds.push(performance.now() - began);
}
await group.barrier();
group.close();
if (rank === 0) console.log(JSON.stringify({ milliseconds: median(milliseconds), bytes: sent / ROUNDS, memory }));
