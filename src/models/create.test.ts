import { beforeAll, describe, expect, test } from "vitest";
import { smallOptions } from "../../test/support/small-networks.js";
import { InputError } from "../errors.js";
import {
  grad,
  liveTensors,
  manualSeed,
  nn,
  noGrad,
  ops,
  recordCalls,
  scope,
  setThreads,
  type Tensor,
} from "../torch/index.js";
import { createModel, type ModelOptions, modelNames } from "./index.js";

// Networks this small are slower on several threads, in particular next to other tests.
beforeAll(() => setThreads(1));

/** The smallest images of networks that take others than ResNets do. */
const leastSize: Readonly<Record<string, number>> = {
  "wrn-16-1": 4,
  "wrn-28-10": 4,
  "wrn-34-10": 4,
  "vgg16-bn": 32,
  convnext: 32,
  "convnext-tiny": 32,
};
const anySize = new Set(["mlp", "mobilenet-v3-small", "mobilenet-v3-large", "efficientnet-b0"]);
/** A small form of a network, and the smallest images that it takes. */
function smallForm(name: string) {
  const options = name === "wrn-16-1" ? { width: 16 } : smallOptions(name);
  return { options, least: options.patchSize ?? leastSize[name] ?? (anySize.has(name) ? 1 : 8) };
}

const total = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0);

describe.each(modelNames)("%s", (name) => {
  const { options, least } = smallForm(name);

  test("gives logits of any size that its images may have, with every parameter taking part", () => {
    for (const imageSize of [least, 70]) {
      scope(() => {
        const model = createModel(name, { classes: 5, channels: 2, extraOutputs: 1, imageSize, ...options });
        const logits = model.forward(ops.randn([2, 2, imageSize, imageSize]));
        expect(logits.shape).toEqual([2, 6]);
        const gradients = grad(logits.square().sum(), model.parameters());
        expect(gradients.every((gradient) => gradient !== null)).toBe(true);
        for (const value of model.stateDict().values()) value.release();
      });
    }
  });

  test("has its classifier's features and name", () => {
    const model = createModel(name, { classes: 5, imageSize: 32, ...options }).eval();
    const head = model.stateDict().get(`${model.head}.weight`);
    expect(head?.shape).toEqual([5, model.embeddingSize]);
    const images = ops.randn([1, 3, 32, 32]);
    const features = noGrad(() => model.embed(images));
    expect(features.shape).toEqual([1, model.embeddingSize]);
    const bias = model.stateDict().get(`${model.head}.bias`) ?? null;
    const expected = noGrad(() => ops.linear(features, head as NonNullable<typeof head>, { bias }));
    expect(noGrad(() => model.forward(images)).data()).toEqual(expected.data());
  });

  test("gives the same gradients, bit for bit, while it is recorded", () => {
    const model = createModel(name, { classes: 5, imageSize: 32, ...options });
    const images = ops.randn([4, 3, 32, 32]);
    const gradients = (forward: () => Tensor) => {
      manualSeed(1);
      return grad(forward().square().sum(), model.parameters()).map((value) => value?.norm().item());
    };
    scope(() => {
      // A recorder sees stock operators.
      const plain = gradients(() => nn.withKernels("stock", () => model.forward(images)));
      expect(gradients(() => recordCalls(() => model.forward(images)).result)).toEqual(plain);
    });
  });

  test("computes in bfloat16 near float32, with gradients in float32", () => {
    manualSeed(8);
    const model = createModel(name, { classes: 5, imageSize: 32, ...options }).to("channels_last");
    const images = ops.randn([4, 3, 32, 32]).contiguous({ memoryFormat: "channels_last" });
    scope(() => {
      const exact = noGrad(() => model.eval().forward(images));
      const near = nn.withPrecision("bfloat16", () => model.forward(images));
      expect(near.dtype).toBe("bfloat16");
      expect(near.to("float32").sub(exact).norm().item() / exact.norm().item()).toBeLessThan(0.05);
      near.to("float32").sum().backward();
      expect(new Set(model.parameters().map(({ grad }) => grad?.dtype))).toEqual(new Set(["float32"]));
    });
  });

  test("is the same network from the same seed, and holds nothing after a step", () => {
    const sums = [1, 1, 2].map((seed) => {
      manualSeed(seed);
      const model = createModel(name, { classes: 5, imageSize: 32, ...options });
      const sum = model.parameters().map((parameter) => total(parameter.data() as Float32Array));
      for (const value of model.stateDict().values()) value.release();
      return sum;
    });
    expect(sums[0]).toEqual(sums[1]);
    expect(sums[0]).not.toEqual(sums[2]);
    const before = liveTensors();
    const model = createModel(name, { classes: 5, imageSize: 32, ...options });
    expect(liveTensors() - before).toBe(model.stateDict().size);
    scope(() =>
      model
        .forward(ops.randn([2, 3, 32, 32]))
        .sum()
        .backward(),
    );
    expect(liveTensors() - before).toBe(model.stateDict().size);
  });
});

test.each(modelNames.filter((name) => !anySize.has(name)))(
  "%s refuses images that leave its last layers nothing",
  (name) => {
    const { options, least } = smallForm(name);
    const create = () => createModel(name, { classes: 5, ...options, imageSize: least - 1 });
    expect(create).toThrow(InputError);
    expect(create).toThrow(`images of ${least - 1} pixels; expected at least ${least}`);
  },
);

describe("the stem of a residual network", () => {
  const kernel = (options: Partial<ModelOptions>) =>
    createModel("resnet18", { classes: 2, width: 4, ...options })
      .stateDict()
      .get("conv1.weight")?.shape[2];

  test("follows the image size unless it is given", () => {
    expect(kernel({})).toBe(3);
    expect(kernel({ imageSize: 64 })).toBe(3);
    expect(kernel({ imageSize: 65 })).toBe(7);
    expect(kernel({ imageSize: 96, stem: "cifar" })).toBe(3);
    expect(kernel({ imageSize: 32, stem: "imagenet" })).toBe(7);
  });

  test("for large images needs them to be large enough", () => {
    const create = () => createModel("resnet18", { classes: 2, imageSize: 28, stem: "imagenet" });
    const message = "resnet18 with the imagenet stem cannot take images of 28 pixels; expected at least 32";
    expect(create).toThrow(new InputError(message));
  });
});

describe("VGG-16", () => {
  test("has the authors' order of layers", () => {
    const names = [...createModel("vgg16-bn", { classes: 2, width: 4 }).namedParameters()].map(([name]) => name);
    const layers = names.filter((name) => name.endsWith("weight")).map((name) => name.replace(".weight", ""));
    const convolutions = [0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48].map((at) => [at, at + 2]);
    const features = convolutions.flat().map((at) => `features.${at}`);
    expect(layers).toEqual([...features, "classifier.0", "classifier.2", "classifier.4"]);
  });

  test("goes through convolution, ReLU, batch norm and dropout in the authors' order", () => {
    const model = createModel("vgg16-bn", { classes: 2, width: 4 });
    const images = ops.randn([2, 3, 32, 32]);
    const { calls } = scope(() => recordCalls(() => model.forward(images)));
    const layers = calls.filter(({ operator }) => operator !== "add_");
    const line = layers.map(({ operator, values }) => (/ropout/.test(operator) ? values[1] : operator[0])).join(" ");
    const [inner, last] = ["c r b 0.4", "c r b m"];
    const stages = ["c r b 0.3", last, inner, last, ...Array(3).fill([inner, inner, last]).flat()].join(" ");
    expect(line).toBe(`${stages} 0.5 f l r b 0.5 l`);
  });

  test("reads all four cells of images of 64 pixels, and the mean of larger ones", () => {
    const inputs = (imageSize: number) =>
      createModel("vgg16-bn", { classes: 2, imageSize }).stateDict().get("classifier.0.weight")?.shape[1];
    expect([32, 64, 96, 128].map(inputs)).toEqual([512, 2048, 512, 512]);
  });
});

describe("a perceptron", () => {
  test("takes arrays and the requested hidden layers", () => {
    const model = createModel("mlp", { classes: 3, features: 7, hidden: [5, 4] });
    expect(model.forward(ops.randn([6, 7])).shape).toEqual([6, 3]);
    const shapes = [...model.namedParameters()].map(([name, { shape }]) => `${name} ${shape}`);
    expect(shapes.filter((line) => line.endsWith("5") || line.includes(","))).toContain("layers.0.weight 5,7");
    expect(shapes.at(-2)).toBe("linear.weight 3,4");
  });

  test("without hidden layers is linear", () => {
    expect([...createModel("mlp", { classes: 3, features: 7, hidden: [] }).stateDict().keys()]).toEqual([
      "linear.weight",
      "linear.bias",
    ]);
  });

  test("needs the number of features of a sample", () => {
    expect(() => createModel("mlp", { classes: 3 })).toThrow(
      new InputError("mlp: `features`: received nothing; expected a whole number"),
    );
  });
});

test("an unknown name is refused with the nearest one", () => {
  const message = `\`model\`: received "resnet81"; expected onnx:FILE or one of ${modelNames.join(", ")}; did you mean "resnet18"?`;
  expect(() => createModel("resnet81", { classes: 2 })).toThrow(new InputError(message));
  expect(() => createModel("toString", { classes: 2 })).toThrow(InputError);
});

test("options that a network does not have are refused, and those out of its range", () => {
  const create = (name: string, options: object) => () => createModel(name, { classes: 2, ...options });
  expect(create("vgg16-bn", { stem: "cifar" })).toThrow(
    'unknown option `stem` of vgg16-bn: received "cifar"; expected one of `width`',
  );
  expect(create("resnet18", { widht: 8 })).toThrow('expected one of `width`, `stem`; did you mean "width"?');
  expect(create("wrn-28-10", { width: 10 })).toThrow("`width`: received 10; expected a multiple of 4");
  expect(create("mlp", { features: 3, hidden: [8, 0] })).toThrow("`hidden`: received 0; expected a whole number");
  expect(create("resnet18", { stem: "large" })).toThrow('`stem`: received "large"; expected cifar or imagenet');
});

test.each([
  [{ classes: 0 }, "`classes`: received 0; expected a whole number of at least 1"],
  [{ classes: 2, channels: 1.5 }, "`channels`: received 1.5; expected a whole number of at least 1"],
  [{ classes: 2, width: -1 }, "`width`: received -1; expected a whole number of at least 1"],
  [{ classes: 2, extraOutputs: -1 }, "`extraOutputs`: received -1; expected a whole number of at least 0"],
  [{ classes: 2, imageSize: Number.NaN }, "`imageSize`: received NaN; expected a whole number of at least 1"],
])("%o is refused", (options, message) => {
  expect(() => createModel("resnet18", options)).toThrow(new InputError(message));
});

test("convolutions start by outputs, and so do the classifiers the authors start on purpose", () => {
  manualSeed(3);
  const deviation = (name: string, tensor: string) => {
    const values = createModel(name, { classes: 10 }).stateDict().get(tensor)?.data() as Float32Array;
    return Math.sqrt(total(values.map((value) => value * value)) / values.length);
  };
  expect(deviation("resnet18", "layer4.1.conv2.weight") / Math.sqrt(2 / (9 * 512))).toBeCloseTo(1, 2);
  expect(deviation("wrn-16-1", "block3.layer.1.conv2.weight") / Math.sqrt(2 / (9 * 64))).toBeCloseTo(1, 1);
  expect(deviation("wrn-16-1", "fc.bias")).toBe(0);
  expect(deviation("vgg16-bn", "features.48.weight") / Math.sqrt(2 / (9 * 512))).toBeCloseTo(1, 2);
  expect(deviation("vgg16-bn", "features.48.bias")).toBe(0);
  expect(deviation("vgg16-bn", "classifier.0.weight")).toBeCloseTo(0.01, 3);
});
