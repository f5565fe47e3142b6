// The packed kernels against the stock ones in float32, an operation at a time.
import { beforeAll, describe, expect, test } from "vitest";
import { expectAllClose } from "../../../test/support/all-close.js";
import { grad, manualSeed, nn, noGrad, ops, packedKernels, scope, setThreads, type Tensor } from "../index.js";

beforeAll(() => setThreads(1));

type Body = (images: nn.Maps) => nn.Maps;

const conv = (inputs: number, outputs: number, kernel: number, stride = 1, bias = false) =>
  new nn.Conv2d(inputs, outputs, kernel, { stride, padding: (kernel - 1) / 2, bias });

/** A trunk of few operations: the layers, drawn again, and what is done with them. */
const trunks: Record<string, () => { layers: nn.Module[]; body: Body }> = {
  "a convolution": () => through(conv(3, 5, 3)),
  "a convolution with bias and stride": () => through(conv(3, 7, 3, 2, true)),
  "a 1 x 1 convolution with stride": () => through(conv(3, 40, 1, 2)),
  "a 7 x 7 stem with pooling": () =>
    through(conv(3, 6, 7, 2), new nn.BatchNorm2d(6), new nn.ReLU(), new nn.MaxPool2d(3, { stride: 2, padding: 1 })),
  "many channels": () => through(conv(3, 33, 3), new nn.BatchNorm2d(33), new nn.ReLU(), conv(33, 70, 3)),
  "ReLU before batch norm, and pooling": () =>
    through(conv(3, 8, 3, 1, true), new nn.ReLU(), new nn.BatchNorm2d(8), new nn.MaxPool2d(2)),
  "a residual block": () => {
    const [one, two, shortcut] = [conv(3, 9, 3, 2), conv(9, 9, 3), conv(3, 9, 1, 2)];
    const [norm1, norm2, norm3] = [new nn.BatchNorm2d(9), new nn.BatchNorm2d(9), new nn.BatchNorm2d(9)];
    const body: Body = (x) => {
      const inner = x.convolve(one).norm(norm1).relu();
      return inner.convolve(two).norm(norm2).add(x.convolve(shortcut).norm(norm3)).relu();
    };
    return { layers: [one, two, shortcut, norm1, norm2, norm3], body };
  },
  "a pre-activation block": () => {
    const [stem, one, two, norm1, norm2] = [
      conv(3, 6, 3),
      conv(6, 6, 3),
      conv(6, 6, 3),
      new nn.BatchNorm2d(6),
      new nn.BatchNorm2d(6),
    ];
    const body: Body = (images) => {
      const x = images.convolve(stem);
      return x.norm(norm1).relu().convolve(one).norm(norm2).relu().convolve(two).add(x);
    };
    return { layers: [stem, one, two, norm1, norm2], body };
  },
};

function through(...layers: nn.Module[]): { layers: nn.Module[]; body: Body } {
  return { layers, body: (images) => layers.reduce((maps, layer) => maps.through(layer), images) };
}

const flat = (values: readonly Tensor[]) => ops.cat(values.map((value) => value.to("float64").flatten()));

function cosine(values: readonly Tensor[], expected: readonly Tensor[]): number {
  return scope(() => ops.cosineSimilarity(flat(values), flat(expected), { dim: 0 }).item());
}

for (const [kernels, type] of [
  ["amx", "bfloat16"],
  ["winograd", "float32"],
] as const) {
  const absent = !packedKernels().includes(kernels);

  describe.skipIf(absent)(`packed ${kernels} kernels, skipped where this CPU or build has none`, () => {
    const packed = <T>(body: () => T) => nn.withKernels(kernels, () => nn.withPrecision(type, body));

    /** The output, the gradients by images and parameters, and the buffers afterwards. */
    function outcome(name: string, end: nn.End, { training = true, samples = 5, size = 12, run = packed } = {}) {
      manualSeed(7);
      const { layers, body } = trunks[name]?.() ?? through();
      const model = new nn.Sequential(...layers).train(training);
      const images = ops.randn([samples, 3, size, size]).contiguous({ memoryFormat: "channels_last" });
      images.requiresGrad = true;
      const trunk = new nn.Trunk(body, end);
      const output = run(() => trunk.forward(images));
      const slopes = ops.randn(output.shape);
      const inputs = [images, ...model.parameters()];
      const gradients = grad(output, inputs, { gradOutputs: [slopes] }) as Tensor[];
      const buffers = [...model.namedBuffers()].map(([, value]) => value);
      return { output, gradients, buffers };
    }

    const plainly = { run: <T>(body: () => T) => nn.withKernels("stock", body) };

    describe.each(Object.keys(trunks))("of %s", (name) => {
      test.each([
        ["training", "maps", 5],
        ["training", "mean", 33],
        ["evaluation", "maps", 1],
        ["evaluation", "mean", 3],
      ] as const)("agree with stock ones in %s, ending in %s, on %i samples", (mode, end, samples) => {
        scope(() => {
          const options = { training: mode === "training", samples };
          const exact = outcome(name, end, { ...options, ...plainly });
          const near = outcome(name, end, options);
          expect([near.output.dtype, near.output.shape]).toEqual(["float32", exact.output.shape]);
          expect(cosine([near.output], [exact.output])).toBeGreaterThan(0.999);
          near.gradients.forEach((gradient, i) => {
            const expected = exact.gradients[i] as Tensor;
            expect([gradient.dtype, gradient.shape]).toEqual(["float32", expected.shape]);
            // What batch norm takes away again, a bias or a scale before it, has no gradient but noise.
            if (expected.norm().item() < 1e-3) return;
            expect(cosine([gradient], [expected]), `gradient ${i}`).toBeGreaterThan(0.99);
            const ratio = gradient.norm().item() / expected.norm().item();
            expect(Math.abs(ratio - 1), `gradient ${i}`).toBeLessThan(0.1);
          });
          near.buffers.forEach(
            (buffer, i) => void expectAllClose(buffer, exact.buffers[i] as Tensor, { rtol: 0.02, atol: 0.01 }),
          );
        });
      });
    });

    test("give the same bits again, and keep a graph that is used twice", () => {
      const twice = () => {
        manualSeed(9);
        const { layers, body } = trunks["a residual block"]?.() ?? through();
        const parameters = new nn.Sequential(...layers).parameters();
        const output = packed(() => new nn.Trunk(body).forward(ops.randn([6, 3, 10, 10])))
          .square()
          .sum();
        const first = grad(output, parameters, { retainGraph: true }) as Tensor[];
        const second = grad(output, parameters) as Tensor[];
        return [output, ...first, ...second].map((value) => Array.from(value.data(), Number));
      };
      const results = scope(twice);
      const count = (results.length - 1) / 2;
      expect(results.slice(1, 1 + count)).toEqual(results.slice(1 + count));
      expect(scope(twice)).toEqual(results);
    });

    test("add up gradients, and count the batches", () => {
      const norm = new nn.BatchNorm2d(4);
      const layer = conv(3, 4, 3);
      const trunk = new nn.Trunk((x) => x.convolve(layer).norm(norm).relu());
      const images = ops.randn([4, 3, 8, 8]);
      const step = () =>
        scope(() =>
          packed(() => trunk.forward(images))
            .square()
            .sum()
            .backward(),
        );
      step();
      const once = layer.weight.grad?.mul(2) as Tensor;
      step();
      expectAllClose(layer.weight.grad as Tensor, once, { rtol: 1e-5, atol: 1e-6 });
      expect(norm.batchesTracked.item()).toBe(2);
      noGrad(() => packed(() => trunk.forward(images)));
      expect(norm.batchesTracked.item()).toBe(3);
      norm.eval();
      expect(noGrad(() => packed(() => trunk.forward(images))).requiresGrad).toBe(false);
      expect(norm.batchesTracked.item()).toBe(3);
    });

    test("see weights that have changed in place", () => {
      const layer = conv(3, 4, 3);
      const trunk = new nn.Trunk((x) => x.convolve(layer));
      const images = ops.randn([2, 3, 6, 6]);
      const before = noGrad(() => packed(() => trunk.forward(images)));
      noGrad(() => layer.weight.mul_(2));
      expectAllClose(
        noGrad(() => packed(() => trunk.forward(images))),
        before.mul(2),
        { rtol: 1e-2, atol: 1e-3 },
      );
    });

    test("drop entire channels by the default random stream, scale the others, and pass gradients through", () => {
      const dropout = new nn.Dropout2d(0.25);
      const trunk = new nn.Trunk((x) => x.dropout(dropout), "maps");
      const images = ops.ones([40, 50, 2, 2]);
      images.requiresGrad = true;
      const run = () => {
        manualSeed(4);
        return packed(() => trunk.forward(images));
      };
      const output = run();
      const values = output.sum([2, 3]).div(4);
      expect(values.eq(0).to("float64").mean().item()).toBeCloseTo(0.25, 1);
      for (const value of new Set(Array.from(values.data(), Number))) {
        if (value !== 0) expect(value).toBeCloseTo(1 / 0.75, 2);
      }
      expect(run().data()).toEqual(output.data());
      expectAllClose(grad(output.sum(), images)[0] as Tensor, output, { rtol: 1e-2 });
      dropout.eval();
      expect(run().data()).toEqual(images.data());
    });
  });
}
