import { afterEach, describe, expect, test } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { type PackedKernels, packedKernels } from "../devices.js";
import {
  grad,
  liveTensors,
  manualSeed,
  nn,
  noGrad,
  ops,
  type RequestedKernels,
  recordCalls,
  scope,
  type Tensor,
} from "../index.js";
import { packProgram } from "./packed-program.js";
import { Maps } from "./program.js";
import { kernelsFor } from "./trunk.js";

/** A residual block with dropout after it, and the same written out by modules. */
class Small extends nn.Module {
  readonly conv1 = new nn.Conv2d(3, 4, 3, { padding: 1, bias: false });
  readonly bn1 = new nn.BatchNorm2d(4);
  readonly conv2 = new nn.Conv2d(4, 4, 3, { padding: 1 });
  readonly bn2 = new nn.BatchNorm2d(4);
  readonly shortcut = new nn.Conv2d(3, 4, 1);
  readonly dropout = new nn.Dropout2d(0.3);
  readonly body = (x: Maps) => {
    const inner = x.convolve(this.conv1).norm(this.bn1).relu();
    const sum = inner.convolve(this.conv2).norm(this.bn2).add(x.convolve(this.shortcut)).relu();
    return sum.dropout(this.dropout).add(inner);
  };
  readonly #trunk = new nn.Trunk(this.body);

  override forward(images: Tensor): Tensor {
    return this.#trunk.forward(images);
  }

  plain(images: Tensor): Tensor {
    const inner = ops.relu(this.bn1.forward(this.conv1.forward(images)));
    const shortcut = this.shortcut.forward(images);
    const sum = ops.relu(this.bn2.forward(this.conv2.forward(inner)).add(shortcut));
    return ops.adaptiveAvgPool2d(this.dropout.forward(sum).add(inner), [1, 1]).flatten({ startDim: 1 });
  }
}

const stock = <T>(body: () => T) => nn.withKernels("stock", body);

describe("a trunk on stock operators", () => {
  const outcome = (model: Small, forward: (images: Tensor) => Tensor) =>
    scope(() => {
      manualSeed(6);
      const images = ops.randn([5, 3, 6, 6]);
      images.requiresGrad = true;
      const features = forward(images);
      const gradients = grad(features.square().sum().to("float32"), [images, ...model.parameters()]) as Tensor[];
      return [features, ...gradients, ...model.stateDict().values()].map((value) => value.data());
    });

  test.each(["float32", "bfloat16"] as const)("computes what its modules compute one by one, in %s", (precision) => {
    for (const training of [true, false]) {
      const [one, other] = [5, 5].map((seed) => {
        manualSeed(seed);
        return new Small().train(training);
      }) as [Small, Small];
      const run = (body: () => Tensor) => stock(() => nn.withPrecision(precision, body));
      const plain = outcome(one, (images) => run(() => one.plain(images)));
      expect(outcome(other, (images) => run(() => other.forward(images)))).toEqual(plain);
    }
  });

  test("holds only its result when it is done, with gradients and without, and after an error", () => {
    const [model, images, wrong] = [new Small(), ops.randn([2, 3, 6, 6]), ops.ones([1, 2, 6, 6])];
    const before = liveTensors();
    for (const forward of [() => model.forward(images), () => noGrad(() => model.forward(images))]) {
      const result = nn.withKernels("stock", forward);
      expect(liveTensors()).toBe(before + 1);
      result.release();
    }
    expect(() => nn.withKernels("stock", () => model.forward(wrong))).toThrow("conv2d");
    expect(liveTensors()).toBe(before);
  });

  test("leaves the images as they are and hands them back where it has no steps", () => {
    const images = ops.randn([1, 2, 3, 3]);
    const kept = images.data();
    expect(new nn.Trunk((maps) => maps, "maps").forward(images)).toBe(images);
    scope(() => new nn.Trunk((maps) => maps.relu().add(maps), "maps").forward(images));
    expect(images.data()).toEqual(kept);
  });
});

test("a block is computed by its trace", () => {
  class Doubled extends nn.Block {
    readonly conv = new nn.Conv2d(2, 2, 3, { padding: 1 });
    override trace(maps: Maps): Maps {
      const x = maps.convolve(this.conv);
      return x.add(x).relu();
    }
  }
  const [block, images] = [new Doubled(), ops.randn([2, 2, 4, 4])];
  const expected = noGrad(() => ops.relu(block.conv.forward(images).mul(2)));
  expectAllClose(
    noGrad(() => block.forward(images)),
    expected,
  );
  expect([...block.stateDict().keys()]).toEqual(["conv.weight", "conv.bias"]);
});

// The packed kernels state which steps they support.
describe.skipIf(packedKernels().length === 0)("the kernels that run a trunk", () => {
  const model = new Small();
  const program = packProgram(Maps.trace(model.body, "mean"));
  const images = ops.zeros([1, 3, 6, 6]);
  const every = ["amx", "winograd"] as const;
  const choice = (of = images, packed: readonly PackedKernels[] = every) => kernelsFor(program, of, packed);
  const inBfloat16 = <T>(body: () => T) => nn.withPrecision("bfloat16", body);
  afterEach(() => void model.to("float32").train());

  test("are the CPU's best packed ones in bf16", () => {
    expect(inBfloat16(() => choice())).toBe("amx");
    expect(inBfloat16(() => choice(images, []))).toBe("stock");
  });

  test("are stock for steps that packed ones do not know", () => {
    const conv = new nn.Conv2d(4, 4, 3, { padding: 1 });
    const unknown: ((x: Maps) => Maps)[] = [
      (x) => x.norm(new nn.BatchNorm2d(3)).convolve(model.shortcut),
      (x) => x.convolve(model.conv1).maxPool(new nn.MaxPool2d(2)).norm(new nn.BatchNorm2d(4)),
      (x) => x.convolve(model.conv1).convolve(new nn.Conv2d(4, 4, 5, { padding: 2 })),
      (x) => x.convolve(model.conv1).convolve(new nn.Conv2d(4, 4, 3)),
    ];
    const chosen = (body: (x: Maps) => Maps) =>
      inBfloat16(() => kernelsFor(packProgram(Maps.trace(body, "mean")), images, every));
    expect(unknown.map(chosen)).toEqual(["stock", "stock", "stock", "stock"]);
    expect(chosen((x) => x.convolve(model.conv1).convolve(conv))).toBe("amx");
  });

  test.each<[RequestedKernels, readonly PackedKernels[], string]>([
    ["auto", every, "amx"],
    ["amx", every, "amx"],
    ["stock", every, "stock"],
    ["amx", ["winograd"], "stock"],
    ["winograd", every, "stock"],
    ["auto", [], "stock"],
  ])("are, in bf16, where %s are requested and the CPU has [%s], %s", (requested, packed, expected) => {
    expect(nn.withKernels(requested, () => inBfloat16(() => choice(images, packed)))).toBe(expected);
  });

  test("are those of the precision, or stock where the CPU has none for it", () => {
    expect(choice()).toBe("winograd");
    expect(nn.withPrecision("float32", () => choice())).toBe("winograd");
    expect(nn.withPrecision("float32", () => choice(images, ["amx"]))).toBe("stock");
    expect(inBfloat16(() => choice(images, ["winograd"]))).toBe("stock");
  });

  test("are stock for images or weights of another type, and images of another rank", () => {
    inBfloat16(() => {
      expect(choice(images.to("bfloat16"))).toBe("stock");
      expect(choice(ops.zeros([3, 6, 6]))).toBe("stock");
      model.to("bfloat16");
      expect(choice()).toBe("stock");
      model.to("float64");
      expect(choice()).toBe("stock");
    });
  });

  test("are stock while operators are recorded", () => {
    expect(recordCalls(() => inBfloat16(() => choice())).result).toBe("stock");
  });

  test("are stock where some modules train and others do not", () => {
    model.bn1.eval();
    expect(inBfloat16(() => choice())).toBe("stock");
    model.eval();
    expect(inBfloat16(() => choice())).toBe("amx");
  });

  test("are those of the innermost body, which is not async", () => {
    const inner = nn.withKernels("stock", () => nn.withKernels("auto", () => inBfloat16(() => choice())));
    expect(inner).toBe("amx");
    expect(() => nn.withKernels("stock", () => Promise.reject(new Error("late")).catch(() => 1))).toThrow(/not async/);
    expect(inBfloat16(() => choice())).toBe("amx");
  });
});

test("a trunk of no images has no maps", () => {
  const layer = new nn.Conv2d(3, 4, 3);
  const trunk = new nn.Trunk((maps) => maps.convolve(layer), "maps");
  expect(trunk.forward(ops.zeros([0, 3, 8, 8])).shape).toEqual([0, 4, 6, 6]);
});

test.each(["stock", "auto"] as const)("batch norm of images that are no numbers is none, by %s kernels", (kernels) => {
  const [layer, norm] = [new nn.Conv2d(3, 4, 3), new nn.BatchNorm2d(4)];
  const trunk = new nn.Trunk((maps) => maps.convolve(layer).norm(norm), "maps");
  nn.withKernels(kernels, () => trunk.forward(ops.full([2, 3, 8, 8], Number.NaN)));
  expect(norm.runningVar.toArray()).toEqual(Array(4).fill(Number.NaN));
});

test.each(["stock", "auto"] as const)(
  "batch norm of values far from zero is as exact as in float32, by %s kernels",
  (kernels) => {
    manualSeed(1);
    const [layer, norm] = [new nn.Conv2d(3, 8, 3, { padding: 1 }), new nn.BatchNorm2d(8)];
    noGrad(() => layer.bias?.add_(1000));
    const images = ops.randn([4, 3, 16, 16]);
    const trunk = new nn.Trunk((maps) => maps.convolve(layer).norm(norm), "maps");
    const normalized = nn.withKernels(kernels, () => trunk.forward(images));
    const maps = layer.to("float64").forward(images.to("float64"));
    const [variance, mean] = ops.varMean(maps, [0, 2, 3], { keepdim: true, correction: 0 });
    expectAllClose(normalized.to("float64"), maps.sub(mean).div(variance.sqrt()), { rtol: 0, atol: 2e-3 });
    expectAllClose(
      norm.runningVar.to("float64"),
      variance
        .flatten()
        .mul(0.1 * (1024 / 1023))
        .add(0.9),
      { rtol: 1e-4 },
    );
  },
);
