// Networks on the fp32 kernels: features and every layer's gradient against float64, compared with stock operators in fp32.
import { beforeAll, describe, expect, test } from "vitest";
import { hasTrunk } from "../../test/support/small-networks.js";
import { grad, manualSeed, nn, noGrad, ops, packedKernels, scope, setThreads, type Tensor } from "../torch/index.js";
import { createModel, type ModelOptions, modelNames, type Network } from "./index.js";

beforeAll(() => setThreads(1));

type Variant = [string, string, Partial<ModelOptions> & { imageSize: number }];
/** Networks with the sizes and options that matter to kernels. */
const variants: readonly Variant[] = [
  ["resnet18", "resnet18", { width: 16, imageSize: 32 }],
  ["resnet18 of odd width and size", "resnet18", { width: 9, imageSize: 27 }],
  ["resnet18 for large images", "resnet18", { width: 8, imageSize: 75, stem: "imagenet" }],
  ["resnet34", "resnet34", { width: 8, imageSize: 16 }],
  ["resnet50", "resnet50", { width: 8, imageSize: 16 }],
  ["wrn-16-1", "wrn-16-1", { width: 16, imageSize: 12 }],
  // Where all inputs of a window are zeros, which takes few channels, Winograd gives rounding instead of zero, and ReLU may let it pass.
  ["wrn-28-10", "wrn-28-10", { width: 24, imageSize: 8 }],
  ["vgg16-bn", "vgg16-bn", { width: 8, imageSize: 32 }],
];
/** WRN-34-10 has the blocks of WRN-28-10. */
const covered = new Set(["wrn-34-10", ...variants.map(([, name]) => name)]);
const others = modelNames.filter((name) => hasTrunk(name) && !covered.has(name));
const networks = [...variants, ...others.map((name): Variant => [name, name, { width: 8, imageSize: 16 }])];

const flat = (value: Tensor) => value.to("float64").flatten();
const relative = (value: Tensor, exact: Tensor) =>
  flat(value).sub(flat(exact)).norm().item() / flat(exact).norm().item();
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
  manualSeed(1);
  const features = nn.withKernels(kernels, () => model.embed(inputs));
  manualSeed(2);
  const slopes = ops.randn(features.shape).to(features.dtype);
  const parameters = model.parameters().slice(0, -2);
  const [byImages, ...byLayer] = grad(features, [inputs, ...parameters], { gradOutputs: [slopes] }) as Tensor[];
  return { features, byImages: byImages as Tensor, byLayer };
}

const absent = !packedKernels().includes("winograd");

describe.skipIf(absent).each(networks)(
  "winograd kernels in %s, skipped where this CPU has no AVX2",
  (_, name, options) => {
    const build = () => {
      manualSeed(3);
      return createModel(name, { classes: 10, ...options }).to("channels_last");
    };
    const batch = (samples: number, seed = samples) => {
      manualSeed(seed);
      return ops.randn([samples, 3, options.imageSize, options.imageSize]);
    };

    // Dropout draws other channels in float64.
    const modes = name === "vgg16-bn" ? (["eval"] as const) : (["train", "eval"] as const);

    test.each(modes)("features and gradients are as near to float64 in %s mode as stock operators' in fp32", (mode) => {
      const all = [4, 5, 6, 7, 8, 9].map((seed) => scope(() => errors(mode, seed)));
      // A ReLU whose input rounding moves past zero changes gradients by much more than rounding does, and meets either by chance:
      // what is compared is the least of the seeds.
      const least = (pick: (of: Errors) => number) => Math.min(...all.map(pick));
      expect(least(({ ours }) => ours.features)).toBeLessThan(5 * least(({ stock }) => stock.features));
      expect(least(({ ours }) => ours.byImages)).toBeLessThan(5 * least(({ stock }) => stock.byImages));
      expect(least(({ ours }) => ours.worst)).toBeLessThan(5 * least(({ stock }) => stock.worst));
      const turned = least(({ ours }) => ours.turned);
      expect(turned).toBeLessThan(
        Math.max(
          1e-4,
          least(({ stock }) => stock.turned),
        ),
      );
    });

    interface Errors {
      readonly ours: Measured;
      readonly stock: Measured;
    }
    /** Relative errors of the features, of the gradient by images, of the worst layer's; 1 - cosine of the worst layer's. */
    interface Measured {
      readonly features: number;
      readonly byImages: number;
      readonly worst: number;
      readonly turned: number;
    }

    function errors(mode: "train" | "eval", seed: number): Errors {
      const images = batch(8, seed);
      const [exact, ours, stock] = (
        [
          ["float64", "stock"],
          ["float32", "winograd"],
          ["float32", "stock"],
        ] as const
      ).map(([dtype, kernels]) => outcome(build().to(dtype)[mode](), images, kernels)) as [Outcome, Outcome, Outcome];
      return { ours: measured(ours, exact), stock: measured(stock, exact) };
    }

    function measured(outcome: Outcome, exact: Outcome): Measured {
      // A bias before batch norm has no gradient but rounding.
      const layers = exact.byLayer.flatMap((reference, i) =>
        reference.norm().item() < 1e-9 ? [] : [[outcome.byLayer[i] as Tensor, reference] as const],
      );
      return {
        features: relative(outcome.features, exact.features),
        byImages: relative(outcome.byImages, exact.byImages),
        worst: Math.max(...layers.map(([value, reference]) => relative(value, reference))),
        turned: Math.max(...layers.map(([value, reference]) => 1 - cosine(value, reference))),
      };
    }

    test("inference without gradients, with batch norm folded, has stock's features", () => {
      scope(() => {
        const [model, images] = [build(), batch(5)];
        noGrad(() => nn.withKernels("stock", () => model.forward(batch(16))));
        model.eval();
        const features = (kernels: "stock" | "winograd") =>
          noGrad(() => nn.withKernels(kernels, () => model.embed(images)));
        expect(relative(features("winograd"), features("stock"))).toBeLessThan(1e-5);
      });
    });

    test("training moves running statistics as stock operators do", () => {
      scope(() => {
        const [one, other, images] = [build(), build(), batch(24)];
        for (const [model, kernels] of [
          [one, "stock"],
          [other, "winograd"],
        ] as const) {
          manualSeed(1);
          noGrad(() => void nn.withKernels(kernels, () => model.forward(images)));
        }
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
        for (const parameter of parameters.slice(0, 3)) parameter.requiresGrad = false;
        const rest = gradients(parameters.slice(3));
        rest.forEach(
          (gradient, i) => void expect(gradient.equal(all[i + 3] as Tensor), `gradient ${i + 3}`).toBe(true),
        );
      });
    });

    // VGG's hidden layer is libtorch's, whose bits depend on threads.
    test.skipIf(name === "vgg16-bn").each([2, 3])("the same bits come of one thread and of %i", (threads) => {
      scope(() => {
        const [model, images] = [build(), batch(40)];
        const results = [1, threads].map((count) => {
          setThreads(count);
          return outcome(model, images, "winograd");
        });
        setThreads(1);
        const [one, many] = results as [Outcome, Outcome];
        expect(many.features.equal(one.features)).toBe(true);
        one.byLayer.forEach(
          (gradient, i) => void expect((many.byLayer[i] as Tensor).equal(gradient), `gradient ${i}`).toBe(true),
        );
      });
    });
  },
);

test.skipIf(absent)("weights changed in place before the backward pass are refused, as by stock operators", () => {
  for (const kernels of ["winograd", "stock"] as const) {
    scope(() => {
      const [first, norm, second] = [
        new nn.Conv2d(3, 4, 3, { padding: 1 }),
        new nn.BatchNorm2d(4),
        new nn.Conv2d(4, 4, 3, { padding: 1 }),
      ];
      const trunk = new nn.Trunk((x) => x.convolve(first).norm(norm).convolve(second));
      const loss = nn.withKernels(kernels, () => trunk.forward(ops.randn([2, 3, 6, 6])).sum());
      noGrad(() => second.weight.mul_(2));
      expect(() => grad(loss, first.weight), kernels).toThrow(/in.?place/);
    });
  }
});
