// Random numbers: the same from the same seed or state, and none the worse for wrong ones.
import { describe, expect, test } from "vitest";
import { fromBytes, Generator, manualSeed, ops, randomState, setRandomState, tensor } from "./index.js";

const draw = () => ops.randn([5]).toArray();

describe("the default stream", () => {
  test("gives the same numbers after the same seed, others after another", () => {
    manualSeed(7);
    const first = draw();
    const second = draw();
    manualSeed(7);
    expect([draw(), draw()]).toEqual([first, second]);
    manualSeed(8);
    expect(draw()).not.toEqual(first);
  });

  test("goes on from a state as it would have gone on", () => {
    manualSeed(2 ** 53 - 1);
    draw();
    const state = randomState();
    const expected = [draw(), ops.randperm(10).toArray(), ops.zeros([3]).bernoulli_({ p: 0.5 }).toArray()];
    setRandomState(state);
    expect([draw(), ops.randperm(10).toArray(), ops.zeros([3]).bernoulli_({ p: 0.5 }).toArray()]).toEqual(expected);
    setRandomState(fromBytes(state.bytes(), "uint8", state.shape));
    expect(draw()).toEqual(expected[0]);
  });

  test.each([-1, 1.5, 2 ** 53, Number.NaN, Infinity])("refuses the seed %s", (seed) => {
    expect(() => manualSeed(seed)).toThrow(`\`seed\`: received ${seed}; expected a whole number from 0 to 2^53 - 1`);
    expect(() => new Generator({ seed })).toThrow("expected a whole number from 0 to 2^53 - 1");
  });

  test("refuses states that are none, and goes on as before", () => {
    manualSeed(3);
    const expected = draw();
    manualSeed(3);
    expect(() => setRandomState(tensor([1, 2, 3]))).toThrow(/RNG state must be a torch.ByteTensor/);
    expect(() => setRandomState(tensor(new Uint8Array(10)))).toThrow(
      /CPUGeneratorImplState of size 5056 but found the input RNG state size to be 10/,
    );
    expect(() => setRandomState(tensor(new Uint8Array(5056).fill(255)))).toThrow(/Invalid mt19937 state/);
    expect(() => setRandomState(5 as never)).toThrow("setRandomState takes a tensor of bytes, received number");
    expect(draw()).toEqual(expected);
  });
});

describe("a generator", () => {
  test("is an independent stream", () => {
    manualSeed(1);
    const expected = draw();
    manualSeed(1);
    const mine = ops.randn([4], { generator: new Generator({ seed: 5 }) }).toArray();
    expect(draw()).toEqual(expected);
    const generator = new Generator({ seed: 5 });
    expect(ops.randn([4], { generator }).toArray()).toEqual(mine);
    expect(ops.randn([4], { generator }).toArray()).not.toEqual(mine);
  });

  test("serves every random operator", () => {
    const twice = (make: (generator: Generator) => unknown) => {
      expect(make(new Generator({ seed: 9 }))).toEqual(make(new Generator({ seed: 9 })));
      expect(make(new Generator({ seed: 9 }))).not.toEqual(make(new Generator({ seed: 10 })));
    };
    twice((generator) => ops.rand([9], { generator }).toArray());
    twice((generator) => ops.randperm(50, { generator }).toArray());
    twice((generator) => ops.randint(1000, [9], { generator }).toArray());
    twice((generator) => ops.zeros([9]).uniform_({ from: -1, to: 1, generator }).toArray());
    twice((generator) => ops.zeros([9]).normal_({ mean: 1, std: 2, generator }).toArray());
    twice((generator) => ops.ones([50]).multinomial(9, { generator }).toArray());
  });

  test("on a device that is not there is refused", () => {
    expect(() => new Generator({ seed: 1, device: "moon" })).toThrow(
      'unknown device "moon"; expected cpu, cuda or cuda:N',
    );
  });
});
