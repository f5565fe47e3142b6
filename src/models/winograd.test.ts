// Whole networks on the fp32 kernels: features and every layer's gradient against float64, beside stock operators in fp32.
import { beforeAll, describe, expect, test } from "vitest";
import { grad, manualSeed, nn, noGrad, ops, packedKernels, scope, setThreads, type Tensor } from "../torch/index.js";
import { createModel, type ModelOptions, type Network } from "./index.js";

beforeAll(() => setThreads(1));

const networks: [string, string, Partial<ModelOptions> & { imageSize: number }][] = [
  ["resnet18", "resnet18", { width: 16, imageSize: 32 }],
  ["resnet18 of odd width and size", "resnet18", { width: 9, imageSize: 27 }],
  ["resnet18 for large images", "resnet18", { width: 8, imageSize: 75, stem: "imagenet" }],
  ["resnet34", "resnet34", { width: 8, imageSize: 16 }],
  ["resnet50", "resnet50", { width: 8, imageSize: 16 }],
  ["wrn-16-1", "wrn-16-1", { width: 16, imageSize: 12 }],
  ["wrn-28-10", "wrn-28-10", { width: 4, imageSize: 16 }],
  ["vgg16-bn", "vgg16-bn", { width: 8, imageSize: 32 }],
];

const flat = (value: Tensor) => value.to("float64").flatten();
const relative = (value: Tensor, exact: Tensor) => flat(value).sub(flat(exact)).norm().item() / flat(exact).norm().item();
const cosine = (value: Tensor, exact: Tensor) => ops.cosineSimilarity(flat(value), flat(exact), { dim: 0 }).item();

interface Outcome {
  readonly features: Tensor;
  readonly byImages: Tensor;
  readonly byLayer: readonly Tensor[];
}

/** Features, and their gradients by images and by the weights of every layer. */
function outcome(model: Network, images: Tensor, kernels: "stock" | "winograd"): Outcome {
  const inputs = images.to(model.parameters()[0]?.dtype ?? "float32").detach();
  inputs.requiresGrad = true;
  const features = nn.withKernels(kernels, () => model.embed(inputs));
  manualSeed(2);
  const slopes = ops.randn(features.shape).to(features.dtype);
  const parameters = model.parameters().slice(0, -2);
  const [byImages, ...byLayer] = grad(features, [inputs, ...parameters], { gradOutputs: [slopes] }) as Tensor[];
  return { features, byImages: byImages as Tensor, byLayer };
}

const absent = !packedKernels().includes("winograd");

describe.skipIf(absent).each(networks)("winograd kernels in %s, skipped where this CPU has no AVX2", (_, name, options) => {
  const build = () => {
    manualSeed(3);
    return createModel(name, { classes: 10, ...options }).to("channels_last");
  };
  const batch = (samples: number) => {
    manualSeed(samples);
    return ops.randn([samples, 3, options.imageSize, options.imageSize]);
  };

  test.each(["train", "eval"] as const)("gradients are as near to float64 in %s mode as 5 times stock fp32", (mode) => {
    scope(() => {
      const models = [build(), build(), build().to("float64")] as const;
      for (const model of models) model[mode]();
      const images = batch(24);
      const [ours, stock, exact] = [
        outcome(models[0], images, "winograd"),
        outcome(models[1], images, "stock"),
        outcome(models[2], images, "stock"),
      ];
      const compare = (pick: (of: Outcome) => Tensor, what: string) => {
        const [own, other, reference] = [pick(ours), pick(stock), pick(exact)];
        // A bias before batch norm has no gradient but rounding.
        if (reference.norm().item() < 1e-6 * exact.byImages.norm().item()) return;
        expect(cosine(own, reference), what).toBeGreaterThan(0.9999);
        expect(relative(own, reference), what).toBeLessThan(5 * relative(other, reference) + 1e-6);
      };
      compare((of) => of.features, "features");
      compare((of) => of.byImages, "gradient by images");
      exact.byLayer.forEach((_, i) => void compare((of) => of.byLayer[i] as Tensor, `gradient ${i}`));
    });
  });

  test("inference without gradients, with batch norm folded, has stock's features", () => {
    scope(() => {
      const [model, images] = [build(), batch(5)];
      noGrad(() => nn.withKernels("stock", () => model.forward(batch(16))));
      model.eval();
      const features = (kernels: "stock" | "winograd") => noGrad(() => nn.withKernels(kernels, () => model.embed(images)));
      expect(relative(features("winograd"), features("stock"))).toBeLessThan(1e-5);
    });
  });

  test("training moves running statistics as stock operators do", () => {
    scope(() => {
      const [one, other, images] = [build(), build(), batch(24)];
      noGrad(() => void nn.withKernels("stock", () => one.forward(images)));
      noGrad(() => void nn.withKernels("winograd", () => other.forward(images)));
      const expected = [...one.namedBuffers()];
      [...other.namedBuffers()].forEach(([key, value], i) => {
        const reference = expected[i]?.[1] as Tensor;
        expect(value.sub(reference).abs().max().item(), key).toBeLessThan(1e-4 * (1 + reference.abs().max().item()));
      });
    });
  });

  test("frozen layers get no gradients, and the others the same as without freezing", () => {
    scope(() => {
      const [model, images] = [build(), batch(8)];
      const parameters = model.parameters().slice(0, -2);
      const gradients = (of: readonly Tensor[]) => {
        const features = nn.withKernels("winograd", () => model.embed(images));
        return grad(features.square().sum(), [...of]) as Tensor[];
      };
      model.eval();
      const all = gradients(parameters);
      parameters.slice(0, 3).forEach((parameter) => void (parameter.requiresGrad = false));
      const rest = gradients(parameters.slice(3));
      rest.forEach((gradient, i) => expect(gradient.equal(all[i + 3] as Tensor), `gradient ${i + 3}`).toBe(true));
    });
  });

  test.each([2, 3])("the same bits come of one thread and of %i", (threads) => {
    scope(() => {
      const [model, images] = [build(), batch(40)];
      const results = [1, threads].map((count) => {
        setThreads(count);
        return outcome(model, images, "winograd");
      });
      setThreads(1);
      const [one, many] = results as [Outcome, Outcome];
      expect(many.features.equal(one.features)).toBe(true);
      one.byLayer.forEach((gradient, i) => expect((many.byLayer[i] as Tensor).equal(gradient), `gradient ${i}`).toBe(true));
    });
  });
});
