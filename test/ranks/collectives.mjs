// One rank of several: prints what each collective gave it.
import { distributed, ops, tensor } from "../../dist/torch/index.js";

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

told.claims = group.store.add("claims", 1) >= 1;
await group.barrier();
group.close();
console.log(JSON.stringify(told));
