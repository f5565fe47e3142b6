// Networks on packed kernels, as near to float32 as stock operators in bfloat16 are.
import { beforeAll, describe, expect, test } from "vitest";
import { hasTrunk } from "../../test/support/small-networks.js";
import {
  grad,
  liveTensors,
  manualSeed,
  nn,
  noGrad,
  ops,
  packedKernels,
  recordCalls,
  scope,
  setThreads,
  type Tensor,
} from "../torch/index.js";
import { createModel, type ModelOptions, modelNames, type Network } from "./index.js";

// Networks this small are slower on several threads, in particular next to other tests.
beforeAll(() => setThreads(1));

type Variant = [string, string, Partial<ModelOptions> & { imageSize: number }];
/** Networks with the sizes and options that matter to kernels. */
const variants: readonly Variant[] = [
  ["resnet18", "resnet18", { width: 4, imageSize: 16 }],
  ["resnet18 for large images", "resnet18", { width: 4, imageSize: 48, stem: "imagenet" }],
  ["resnet34", "resnet34", { width: 8, imageSize: 16 }],
  ["resnet50", "resnet50", { width: 4, imageSize: 16 }],
  ["wrn-16-1", "wrn-16-1", { width: 16, imageSize: 12 }],
  ["wrn-28-10", "wrn-28-10", { width: 4, imageSize: 8 }],
  ["vgg16-bn", "vgg16-bn", { width: 8, imageSize: 32 }],
  ["vgg16-bn for larger images", "vgg16-bn", { width: 4, imageSize: 64 }],
];
/** WRN-34-10 has the blocks of WRN-28-10. */
const covered = new Set(["wrn-34-10", ...variants.map(([, name]) => name)]);
const others = modelNames.filter((name) => hasTrunk(name) && !covered.has(name));
const networks = [...variants, ...others.map((name): Variant => [name, name, { width: 4, imageSize: 16 }])];
/** These are conditioned well enough before training that bfloat16 has a bound of its own. */
const steady = new Set(["resnet18", "wrn-16-1"]);

const flat = (values: readonly Tensor[]) => ops.cat(values.map((value) => value.to("float64").flatten()));
const distance = (value: Tensor, expected: Tensor) =>
  value.to("float64").sub(expected.to("float64")).norm().item() / expected.norm().item();
const angle = (values: readonly Tensor[], expected: readonly Tensor[]) =>
  1 - ops.cosineSimilarity(flat(values), flat(expected), { dim: 0 }).item();

type Computing = <T>(body: () => T) => T;
const exactly: Computing = (body) => nn.withKernels("stock", () => nn.withPrecision("float32", body));
const stock: Computing = (body) => nn.withKernels("stock", () => nn.withPrecision("bfloat16", body));

const absent = !packedKernels().includes("amx");
const packed: Computing = (body) => nn.withKernels("amx", () => nn.withPrecision("bfloat16", body));

describe.skipIf(absent)("packed amx kernels, skipped where this CPU or build has none", () => {
  describe.each(networks)("in %s", (title, name, options) => {
    const build = () => {
      manualSeed(3);
      return createModel(name, { classes: 10, ...options }).to("channels_last");
    };
    const batch = (samples: number) => {
      manualSeed(samples);
      const images = ops.randn([samples, 3, options.imageSize, options.imageSize]);
      images.requiresGrad = true;
      return images;
    };
    /** Features, and the loss's gradients by parameters and images. */
    const outcome = (model: Network, images: Tensor, compute: Computing) => {
      manualSeed(1);
      const features = compute(() => model.embed(images)).to("float32");
      const slopes = ops.randn(features.shape);
      const parameters = model.parameters().slice(0, -2);
      const [byImages, ...gradients] = grad(features, [images, ...parameters], { gradOutputs: [slopes] }) as Tensor[];
      return { features, gradients, byImages: byImages as Tensor };
    };
    const errors = (model: Network, images: Tensor, compute: Computing) => {
      const [exact, near] = [outcome(model, images, exactly), outcome(model, images, compute)];
      return {
        features: distance(near.features, exact.features),
        gradients: angle(near.gradients, exact.gradients),
        byImages: angle([near.byImages], [exact.byImages]),
      };
    };

    test.each([1, 3, 33])("evaluation of %i samples has features and gradients near float32's", (samples) => {
      scope(() => {
        const model = build();
        for (let i = 0; i < 10; i++) scope(() => noGrad(() => model.forward(batch(20))));
        model.eval();
        const images = batch(samples);
        const [ours, theirs] = [errors(model, images, packed), errors(model, images, stock)];
        expect(ours.features).toBeLessThan(1.5 * theirs.features + 0.01);
        expect(ours.gradients).toBeLessThan(1.5 * theirs.gradients + 0.02);
        expect(ours.byImages).toBeLessThan(1.5 * theirs.byImages + 0.03);
        expect(ours.features).toBeGreaterThan(0);
      });
    });

    // VGG ends in feature maps of one pixel, where batch norm over three samples magnifies any rounding.
    test.each(name === "vgg16-bn" ? [33] : [3, 33])(
      "training on %i samples has gradients near float32's",
      (samples) => {
        scope(() => {
          const [model, images] = [build(), batch(samples)];
          const [ours, theirs] = [errors(model, images, packed), errors(model, images, stock)];
          expect(ours.features).toBeLessThan(2 * theirs.features + 0.01);
          expect(ours.gradients).toBeLessThan(1.5 * theirs.gradients + 0.05);
          if (samples < 33 || !steady.has(title)) return;
          expect(ours.features).toBeLessThan(0.03);
          expect(ours.gradients).toBeLessThan(0.05);
        });
      },
    );

    test("training moves the running statistics as stock operators do, and counts the batches", () => {
      scope(() => {
        const [one, other, images] = [build(), build(), batch(33)];
        noGrad(() => void [exactly(() => one.forward(images)), packed(() => other.forward(images))]);
        const [expected, actual] = [one, other].map((model) => [...model.namedBuffers()]);
        const early = name === "vgg16-bn" ? 2 : 9;
        expected?.forEach(([key, value], i) => {
          const buffer = actual?.[i]?.[1] as Tensor;
          if (value.dtype === "int64") expect(buffer.item(), key).toBe(1);
          else if (i < early) expect(distance(buffer, value), key).toBeLessThan(0.02);
          else expect(Number.isFinite(buffer.sum().item()), key).toBe(true);
        });
      });
    });

    test("evaluation without gradients, where batch norm is part of the convolutions, has nearly the same features", () => {
      scope(() => {
        const [model, images] = [build().eval(), batch(3)];
        const forward = () => packed(() => model.embed(images)).to("float32");
        // From 0.001 to 0.013 here: the deeper, the more.
        expect(distance(noGrad(forward), forward())).toBeLessThan(0.03);
      });
    });

    test("stock operators compute where they are requested", () => {
      scope(() => {
        const [model, images] = [build().eval(), batch(3)];
        const features = (compute: Computing) => compute(() => noGrad(() => model.embed(images))).data();
        const { result, calls } = recordCalls(() => features(packed));
        expect(calls.some(({ operator }) => operator === "conv2d")).toBe(true);
        expect(features(stock)).toEqual(result);
        expect(features(packed)).not.toEqual(result);
      });
    });

    test("a step leaves nothing behind", () => {
      const [model, images] = [build(), batch(3)];
      const step = () =>
        scope(() =>
          packed(() => model.forward(images))
            .to("float32")
            .square()
            .sum()
            .backward(),
        );
      step();
      const before = liveTensors();
      step();
      expect(liveTensors()).toBe(before);
    });
  });
});
