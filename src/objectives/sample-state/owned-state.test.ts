// Rows owned by ranks, against the same rows in one process.
import { expect, test } from "vitest";
import { distributed, type Tensor, tensor } from "../../torch/index.js";
import { ownedState } from "./owned-state.js";
import { localState } from "./sample-state.js";

/** Ranks of one process, which exchange rows once all of them have called. */
function ranksOf(world: number): distributed.ProcessGroup[] {
  interface Call {
    readonly output: Tensor;
    readonly input: Tensor;
    readonly from: readonly number[];
    readonly to: readonly number[];
    readonly done: () => void;
  }
  const calls = new Map<number, Call>();
  function exchange(): void {
    const pieces = Array.from({ length: world }, (_, rank) => {
      const { input, to } = calls.get(rank) as Call;
      return input.split(to as number[]);
    });
    for (const [rank, { output, from, done }] of calls) {
      let at = 0;
      for (const [sender, count] of from.entries()) {
        output.narrow(0, at, count).copy_(pieces[sender]?.[rank] as Tensor);
        at += count;
      }
      done();
    }
    calls.clear();
  }
  return Array.from({ length: world }, (_, rank) => ({
    ...distributed.soloGroup,
    rank,
    world,
    allToAll: (output, input, from, to) =>
      new Promise<void>((done) => {
        calls.set(rank, { output, input, from, to, done });
        if (calls.size === world) exchange();
      }),
  }));
}

test.each([1, 2, 3, 5, 7])("each row belongs to the rank in whose block it is, of %i ranks", (world) => {
  for (const samples of [1, 2, 6, 7, 30]) {
    const owners = Array.from({ length: world }, (_, rank) => {
      const { count } = distributed.blockBounds(samples, { rank, world });
      return new Array<number>(count).fill(rank);
    }).flat();
    const every = Int32Array.from({ length: samples }, (_, i) => i);
    const plan = distributed.planRows(new Array(world).fill(every), samples, { rank: 0, world });
    expect(owners).toHaveLength(samples);
    expect(plan.from).toEqual(
      Array.from({ length: world }, (_, rank) => owners.filter((each) => each === rank).length),
    );
  }
});

test("rows of three ranks are those of one process after the same steps", async () => {
  const samples = 11;
  const initial = (columns: number) => (block: distributed.Block) =>
    tensor(
      Float32Array.from({ length: samples * columns }, (_, i) => Math.sin(i)),
      { shape: [samples, columns] },
    ).narrow(0, block.first, block.count);
  const [one, others] = [localState.rows(samples, initial(4)), localState.rows(samples, initial(1))];
  const states = ranksOf(3).map((group) => ownedState(group, samples));
  const rows = states.map((state) => [state.rows(samples, initial(4)), state.rows(samples, initial(1))] as const);
  const steps = [
    [[7, 0, 10], [3], [5, 4]],
    [[1, 2], [], [9, 8, 6]],
    [[0], [10], [5]],
  ];
  for (const [step, shares] of steps.entries()) {
    const needed = shares.map((share) => Int32Array.from(share));
    await Promise.all(states.map((state) => state.fetch(needed)));
    for (const [rank, share] of needed.entries()) {
      const [own, added] = rows[rank] as (typeof rows)[number];
      for (const [kept, sums] of [
        [one, others],
        [own, added],
      ] as const) {
        const after = kept.update(share, (before) => before.mul(step + 2));
        expect(kept.read(share).toArray()).toEqual(after.toArray());
        sums.add(share, after.sum([1], { keepdim: true }));
      }
    }
    await Promise.all(states.map((state) => state.giveBack()));
  }
  for (const [i, expected] of [one, others].entries()) {
    expect(rows.flatMap((each) => each[i]?.kept.toArray())).toEqual(expected.kept.toArray());
  }
  expect(() => rows[0]?.[0].read([0])).toThrow("they are at their owners now");
});

test("a sample of another rank's part of the batch is refused, and rows of other samples", async () => {
  const [state] = ranksOf(1).map((group) => ownedState(group, 3)) as [ReturnType<typeof ownedState>];
  const rows = state.rows(3, () => tensor([[1], [2], [3]]));
  await state.fetch([Int32Array.of(0, 2)]);
  expect(() => rows.read([1])).toThrow("sample 1 is not among those of this rank's part of the batch");
  expect(() => state.rows(4, () => tensor([[1]]))).toThrow("rows of 4 samples; expected one for each of 3");
});
