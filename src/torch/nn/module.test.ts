import { describe, expect, test } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { liveTensors, nn, noGrad, ops, scope, type Tensor, tensor } from "../index.js";

class Pair extends nn.Module {
  readonly first: nn.Conv2d = new nn.Conv2d(2, 3, 3);
  readonly rest: nn.Sequential = new nn.Sequential(new nn.BatchNorm2d(3), new nn.Dropout(), new nn.Sequential());
  readonly none: nn.Module | null = null;

  override forward(input: Tensor): Tensor {
    return this.rest.forward(this.first.forward(input));
  }
}

const names = ["first.weight", "first.bias", "rest.0.weight", "rest.0.bias"];
const buffers = ["rest.0.running_mean", "rest.0.running_var", "rest.0.num_batches_tracked"];

const values = (module: nn.Module) => [...module.stateDict().values()].map((value) => Array.from(value.data(), Number));

class Tower extends nn.Module {
  readonly blocks = [new nn.Linear(2, 2), new nn.Dropout(0.5), null];

  override forward(input: Tensor): Tensor {
    return input;
  }
}

test("modules in lists are children, by the list's name and their position", () => {
  const tower = new Tower();
  expect([...tower.stateDict().keys()]).toEqual(["blocks.0.weight", "blocks.0.bias"]);
  tower.eval();
  expect(tower.blocks[1]!.training).toBe(false);
});

describe("a module's tensors", () => {
  test("have dotted names in the order of the properties, buffers after a module's parameters", () => {
    const pair = new Pair();
    expect([...pair.namedParameters()].map(([name]) => name)).toEqual(names);
    expect([...pair.namedBuffers()].map(([name]) => name)).toEqual(buffers);
    expect([...pair.stateDict().keys()]).toEqual([...names, ...buffers]);
    const modules = [...pair.namedModules()].map(([name]) => name);
    expect(modules).toEqual(["", "first", "rest", "rest.0", "rest.1", "rest.2"]);
  });

  test("outlive the scope that the module was made in; parameters learn, buffers do not", () => {
    const before = liveTensors();
    const pair = scope(() => new Pair());
    expect(liveTensors() - before).toBe(7);
    expect(pair.parameters().every(({ requiresGrad }) => requiresGrad)).toBe(true);
    expect([...pair.namedBuffers()].some(([, { requiresGrad }]) => requiresGrad)).toBe(false);
  });

  test("are the ones in the state dictionary, not copies", () => {
    const pair = new Pair();
    expect(pair.stateDict().get("first.weight")).toBe(pair.first.weight);
  });
});

describe("a state dictionary", () => {
  const copies = () => new Map([...new Pair().stateDict()]);

  test("is copied in by name, whatever its order and type", () => {
    const pair = new Pair();
    const other = new Pair().to("float64");
    pair.loadStateDict(new Map([...other.stateDict()].reverse()));
    expect(values(pair)).toEqual(values(other));
    expect(pair.first.weight.dtype).toBe("float32");
    expect(pair.first.weight.requiresGrad).toBe(true);
  });

  test.each<[string, (state: Map<string, Tensor>) => void, string]>([
    ["lacks tensors", (state) => names.forEach((name) => void state.delete(name)), `lack ${names[0]}, ${names[1]}`],
    [
      "holds an unknown tensor",
      (state) => state.set("other", tensor([1])),
      "hold other, which this model does not have",
    ],
    [
      "has a tensor of another shape",
      (state) => state.set("rest.0.bias", tensor([1, 2])),
      "the weights' rest.0.bias is 2, this model's is 3",
    ],
    [
      "has numbers where a scalar is",
      (state) => state.set("rest.0.num_batches_tracked", tensor([1, 2])),
      "the weights' rest.0.num_batches_tracked is 2, this model's is a scalar",
    ],
  ])("that %s is refused, and nothing changes", (_, damage, message) => {
    const pair = new Pair();
    const before = values(pair);
    const state = copies();
    damage(state);
    expect(() => pair.loadStateDict(state)).toThrow(message);
    expect(values(pair)).toEqual(before);
  });
});

describe("training and evaluation", () => {
  test("reach every module below", () => {
    const pair = new Pair();
    const modes = () => [...pair.namedModules()].map(([, module]) => module.training);
    expect(modes()).toEqual(Array(6).fill(true));
    expect(pair.eval()).toBe(pair);
    expect(modes()).toEqual(Array(6).fill(false));
    pair.train();
    expect(modes()).toEqual(Array(6).fill(true));
  });

  test("zeroGrad forgets every gradient", () => {
    const pair = new Pair();
    pair
      .forward(ops.randn([2, 2, 4, 4]))
      .sum()
      .backward();
    expect(pair.parameters().every(({ grad }) => grad !== null)).toBe(true);
    pair.zeroGrad();
    expect(pair.parameters().every(({ grad }) => grad === null)).toBe(true);
  });
});

describe("moving a module", () => {
  test("to float64 keeps the tensors, their values and which are trained, and leaves counts as integers", () => {
    const pair = new Pair();
    const [before, tensors] = [values(pair), [...pair.stateDict().values()]];
    const held = liveTensors();
    pair.to("float64");
    expect(liveTensors()).toBe(held);
    expect([...pair.stateDict().values()].every((value, i) => value === tensors[i])).toBe(true);
    expect(values(pair)).toEqual(before);
    expect(tensors.map(({ dtype }) => dtype)).toEqual([...Array(6).fill("float64"), "int64"]);
    pair
      .forward(ops.randn([2, 2, 4, 4], { dtype: "float64" }))
      .sum()
      .backward();
    expect(pair.first.weight.grad?.dtype).toBe("float64");
  });

  test("to channels_last lays out the kernels only, and back", () => {
    const pair = new Pair();
    const before = values(pair);
    const weight = pair.first.weight;
    pair.to("channels_last");
    expect(weight.strides).toEqual([18, 1, 6, 2]);
    expect(values(pair)).toEqual(before);
    expect(weight.requiresGrad).toBe(true);
    expect(pair.to("contiguous").first.weight).toBe(weight);
    expect(weight.strides).toEqual([18, 9, 3, 1]);
  });

  test("to the device it is on changes nothing", () => {
    const pair = new Pair();
    const before = values(pair);
    expect(values(pair.to("cpu"))).toEqual(before);
  });
});

test("modules in a sequence are applied one after the other and named by position", () => {
  const sequence = new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU(), new nn.Linear(3, 1));
  expect([...sequence.stateDict().keys()]).toEqual(["0.weight", "0.bias", "2.weight", "2.bias"]);
  const input = tensor([[1, -2]]);
  const [first, , last] = [...sequence.children()].map(([, module]) => module);
  const expected = noGrad(() => last?.forward(ops.relu(first?.forward(input) as Tensor)));
  expectAllClose(
    noGrad(() => sequence.forward(input)),
    expected as Tensor,
  );
  expect(new nn.Sequential().forward(input)).toBe(input);
});

test("a layer that is used twice has its parameters once, and both names in the state", () => {
  class Twice extends nn.Module {
    readonly first = new nn.Linear(2, 2);
    readonly second = this.first;

    override forward(input: Tensor): Tensor {
      return this.second.forward(this.first.forward(input));
    }
  }
  const model = new Twice();
  expect([...model.namedParameters()].map(([name]) => name)).toEqual(["first.weight", "first.bias"]);
  expect([...model.stateDict().keys()]).toHaveLength(4);
});
