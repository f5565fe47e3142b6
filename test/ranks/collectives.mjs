// One rank of several: prints what each collective gave it.
import { moco, selectiveNet, simClr, takeStep } from "../../dist/index.js";
import { distributed, manualSeed, ops, tensor } from "../../dist/torch/index.js";
import { acrossRanks } from "../../dist/training/parallel/across-ranks.js";

const ranks = distributed.ranksFrom();
const group = await distributed.openGroup(ranks, { timeoutMs: Number(process.env.TIMEOUT_MS ?? 60_000) });
const { rank, world } = group;
const told = {};

const sum = tensor([rank + 1, 10 * rank]);
await group.allReduce([sum]);
told.sum = sum.toArray();

const most = tensor([rank]);
group.allReduceNow([most], "max");
told.most = most.toArray();

const root = tensor([rank + 5]);
await group.broadcast([root], world - 1);
told.root = root.toArray();

const parts = Array.from({ length: world }, () => ops.zeros([1]));
await group.allGather(parts, tensor([rank * rank]));
told.parts = parts.map((part) => part.item());

// Row i of rank r is 10 r + i; each rank sends i rows to rank i.
const counts = Array.from({ length: world }, (_, i) => i);
const rows = counts.reduce((total, count) => total + count, 0);
const input = tensor(
  Float32Array.from({ length: rows }, (_, i) => 10 * rank + i),
  { shape: [rows, 1] },
);
const from = Array.from({ length: world }, () => rank);
const output = ops.zeros([rank * world, 1]);
group.allToAllNow(output, input, from, counts);
told.rows = [...output.data()];

const [a, b] = [tensor([1, 2], { requiresGrad: true }), tensor([3], { requiresGrad: true })];
if (rank === 0) b.mul(b).sum().backward();
else a.mul(rank).sum().backward();
const frozen = tensor([4], { requiresGrad: true });
const reducer = distributed.gradientReducer(group, [a, frozen, b], 2);
told.numbers = await reducer.reduce([0.5, rank]);
told.gradients = [a.grad.toArray(), b.grad.toArray(), frozen.grad];

told.gathered = [
  ...(await distributed.gatherValues(
    group,
    Int32Array.from({ length: rank }, (_, i) => 10 * rank + i),
  )),
];
told.texts = await distributed.gatherTexts(group, "x".repeat(rank));

// Ranks 0 and 1 have 3 and 2 of 5 samples, rank 2 has none.
const samples = 5;
const rowsOf = (columns, views = 1) =>
  Float32Array.from({ length: views * samples * columns }, (_, i) => Math.sin(3 * i));
const [start, end] = [
  [0, 3],
  [3, 5],
  [5, 5],
][rank];
const slice = (columns, views = 1) => {
  const all = tensor(rowsOf(columns, views), { shape: [views, samples, columns] });
  return all.narrow(1, start, end - start).reshape([-1, columns]);
};
const labels = [0, 1, 0, 1, 1].slice(start, end);
const fraction = (end - start) / samples;
const reduced = async (objective, own) => {
  const outputs = own.detach();
  outputs.requiresGrad = true;
  if (end === start) objective.absent();
  else objective.loss(outputs, { labels, index: labels, epoch: 0 }).mul(fraction).backward();
  return [...(await distributed.gatherValues(group, end === start ? new Float32Array() : outputs.grad.data()))];
};
told.selective = await reduced(acrossRanks(selectiveNet({ classes: 2 }), group), slice(5));
told.views = await reduced(acrossRanks(simClr(), group), slice(4, 2));

manualSeed(3);
const unit = (values) => values.div(values.norm(2, [1], { keepdim: true }));
const targetNetwork = { targets: unit, outputs: (images) => images, follow() {}, state: () => new Map() };
const contrast = moco({ targetNetwork, dimension: 4, queue: 7, group });
if (end === start) contrast.absent();
else takeStep(contrast, (images) => images, { images: slice(4, 2), labels, index: labels, epoch: 0 });
told.queue = [...contrast.state().get("queue").data()];

told.claims = group.store.add("claims", 1) >= 1;
await group.barrier();
group.close();
console.log(JSON.stringify(told));
