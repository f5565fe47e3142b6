// Convolutional trunks drawn at random, the same for the same seed: blocks of networks, and programs without a plan.
import { manualSeed, nn, ops, type Tensor } from "../../src/torch/index.js";

type Body = (images: nn.Maps) => nn.Maps;
type Draw = (least: number, most: number) => number;
interface Trunk {
  readonly layers: nn.Module[];
  readonly body: Body;
}

/** A trunk, by its layers and what is done with them, and images for it that want gradients. */
export interface Drawn extends Trunk {
  readonly images: Tensor;
}

/** Whole numbers from `least` to `most`, the same for the same seed. */
function drawsFrom(seed: number): Draw {
  let state = seed;
  return (least, most) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return least + Math.floor(((state >>> 8) / 2 ** 24) * (most - least + 1));
  };
}

const conv = (inputs: number, outputs: number, kernel: number, stride = 1, bias = false) =>
  new nn.Conv2d(inputs, outputs, kernel, { stride, padding: (kernel - 1) / 2, bias });
const norm = (channels: number) => new nn.BatchNorm2d(channels);

const through = (...layers: nn.Module[]): Trunk => ({
  layers,
  body: (images) => layers.reduce((maps, layer) => maps.through(layer), images),
});

function residual(inputs: number, outputs: number, stride: number): Trunk {
  const [one, two, shortcut] = [
    conv(inputs, outputs, 3, stride),
    conv(outputs, outputs, 3),
    conv(inputs, outputs, 1, stride),
  ];
  const [norm1, norm2, norm3] = [norm(outputs), norm(outputs), norm(outputs)];
  const body: Body = (x) => {
    const inner = x.convolve(one).norm(norm1).relu().convolve(two).norm(norm2);
    return inner.add(x.convolve(shortcut).norm(norm3)).relu();
  };
  return { layers: [one, two, shortcut, norm1, norm2, norm3], body };
}

function preActivation(inputs: number, outputs: number): Trunk {
  const [stem, one, two] = [conv(inputs, inputs, 1), conv(inputs, outputs, 3), conv(outputs, inputs, 3)];
  const [norm1, norm2] = [norm(inputs), norm(outputs)];
  const body: Body = (images) => {
    const x = images.convolve(stem);
    return x.norm(norm1).relu().convolve(one).norm(norm2).relu().convolve(two).add(x);
  };
  return { layers: [stem, one, two, norm1, norm2], body };
}

export const blocks: Record<string, (inputs: number, outputs: number, draw: Draw) => Trunk> = {
  "a convolution": (i, o, draw) => through(conv(i, o, 3, draw(1, 2), true)),
  "a convolution, batch norm and ReLU": (i, o, draw) =>
    through(conv(i, o, 2 * draw(0, 1) + 1, draw(1, 2)), norm(o), new nn.ReLU()),
  "a residual block": (i, o) => residual(i, o, 1),
  "a strided residual block": (i, o) => residual(i, o, 2),
  "a pre-activation block": preActivation,
  "a stem with pooling": (i, o) =>
    through(conv(i, o, 7, 2), norm(o), new nn.ReLU(), new nn.MaxPool2d(3, { stride: 2, padding: 1 })),
  "ReLU before batch norm, and pooling": (i, o) =>
    through(conv(i, o, 3, 1, true), new nn.ReLU(), norm(o), new nn.MaxPool2d(2)),
  "ReLU before batch norm, and dropout": (i, o) =>
    through(conv(i, o, 3, 1, true), new nn.ReLU(), norm(o), new nn.Dropout2d(0.3)),
};

/** A value of a program: what makes it of others, how often it was halved, and whether a convolution made it. */
interface Value {
  readonly make: (at: (value: number) => nn.Maps) => nn.Maps;
  readonly halved: number;
  readonly convolved: boolean;
}

/** Something to do with value `x`, or null where what was drawn cannot be done with it. */
function drawnStep(
  x: number,
  values: readonly Value[],
  layers: nn.Module[],
  channels: number,
  draw: Draw,
): Value | null {
  const { halved, convolved } = values[x] as Value;
  const kind = values.length === 1 ? 0 : draw(0, 9);
  const layer = <Layer extends nn.Module>(made: Layer): Layer => {
    layers.push(made);
    return made;
  };
  if (kind <= 2) {
    const stride = draw(0, 5) === 0 ? 2 : 1;
    const module = layer(conv(channels, channels, 2 * draw(0, 1) + 1, stride, draw(0, 1) === 1));
    return { make: (at) => at(x).convolve(module), halved: halved + stride - 1, convolved: true };
  }
  if (kind <= 4) {
    if (!convolved) return null;
    const module = layer(norm(channels));
    return { make: (at) => at(x).norm(module), halved, convolved: false };
  }
  if (kind <= 6) return { make: (at) => at(x).relu(), halved, convolved: false };
  if (kind <= 8) {
    const others = values.flatMap((value, i) => (i !== x && value.halved === halved ? [i] : []));
    const y = others[draw(0, others.length - 1)];
    return y === undefined ? null : { make: (at) => at(x).add(at(y)), halved, convolved: false };
  }
  const pool = layer(new nn.MaxPool2d(3, { stride: 1, padding: 1 }));
  return { make: (at) => at(x).maxPool(pool), halved, convolved: false };
}

/** The last value, and what it needs; steps that lead nowhere are left out. */
function bodyOf(values: readonly Value[]): Body {
  return (images) => {
    const made = new Map([[0, images]]);
    const at = (value: number): nn.Maps => {
      const maps = made.get(value) ?? (values[value] as Value).make(at);
      made.set(value, maps);
      return maps;
    };
    return at(values.length - 1);
  };
}

/** A program of three to ten steps on maps of one width, each about one of the last values. */
export function drawnProgram(seed: number): Drawn {
  const draw = drawsFrom(seed);
  manualSeed(seed);
  const [channels, steps] = [draw(3, 12), draw(3, 10)];
  const layers: nn.Module[] = [];
  const values: Value[] = [{ make: (at) => at(0), halved: 0, convolved: false }];
  while (values.length <= steps) {
    const x = draw(Math.max(0, values.length - 3), values.length - 1);
    const value = drawnStep(x, values, layers, channels, draw);
    if (value !== null) values.push(value);
  }
  return { layers, body: bodyOf(values), images: randomImages(draw(2, 40), channels, draw(5, 8)) };
}

/** A block, and images enough that rounding averages out. */
export function drawnBlock(name: string, seed: number): Drawn {
  const draw = drawsFrom(seed);
  manualSeed(seed);
  const [inputs, outputs] = [draw(3, 40), draw(4, 70)];
  const trunk = (blocks[name] as (typeof blocks)[string])(inputs, outputs, draw);
  return { ...trunk, images: randomImages(draw(32, 50), inputs, draw(8, 11)) };
}

function randomImages(samples: number, channels: number, size: number): Tensor {
  const images = ops.randn([samples, channels, size, size]);
  images.requiresGrad = true;
  return images;
}
