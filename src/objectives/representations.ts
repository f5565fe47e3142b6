// Shared by the self-supervised methods: unit vectors, the distance between them, and target networks.

import { option } from "../options/names.js";
import { fullPrecision } from "../torch/full-precision.js";
import { type nn, noGrad, ops, scope, type Tensor } from "../torch/index.js";

/** v / |v| of every row, (n, d), in full precision. */
export function directions(values: Tensor): Tensor {
  const full = fullPrecision(values);
  return full.div(full.norm(2, [1], { keepdim: true }).clampMin(1e-12));
}

/** mean_i( 2 - 2 <a_i, b_i> ) of unit rows: the squared distance between them. */
export function meanDistance(a: Tensor, b: Tensor): Tensor {
  return a.mul(b).sum([1]).mean().mul(-2).add(2);
}

/** Splits a batch of two views of the same samples into its halves. */
export function views(batch: Tensor): [Tensor, Tensor] {
  const [rows = 0] = batch.shape;
  return [batch.narrow(0, 0, rows / 2), batch.narrow(0, rows / 2, rows / 2)];
}

/** The predictions, the first d of 2 d columns, and the projections after them. */
export function predictionsAndProjections(outputs: Tensor): [Tensor, Tensor] {
  const [, columns = 0] = outputs.shape;
  return [outputs.narrow(1, 0, columns / 2), outputs.narrow(1, columns / 2, columns / 2)];
}

/** The target network of a method. */
export interface TargetNetwork {
  /** Outputs of a batch, (n, d), without gradient. Batch norm uses the statistics of the batch. */
  outputs(images: Tensor): Tensor;
  /** Unit projections of a batch, (n, d), without gradient. Batch norm uses the statistics of the batch. */
  targets(images: Tensor): Tensor;
  /** s <- b s + (1 - b) w for every parameter that both networks have, w being the trained ones. */
  follow(momentum: number): void;
  /** Tensors to save, by name. */
  state(): Map<string, Tensor>;
}

/**
 * A target network that is the exponential moving average of a trained one.
 * @param target the parameters that average those of `online`; they start as a copy unless `independent`
 */
export function emaTargetNetwork(online: nn.Module, target: nn.Module, independent = false): TargetNetwork {
  const trained = new Map(online.namedParameters());
  const pairs = [...target.namedParameters()].map(([name, value]) => [value, trained.get(name) as Tensor] as const);
  const unexpected = [...target.namedParameters()].find(([name]) => !trained.has(name));
  if (unexpected !== undefined)
    throw new Error(`the target network has ${unexpected[0]}, which the trained network lacks`);
  for (const [average] of pairs) average.requiresGrad = false;
  const [averages, latest] = [pairs.map(([value]) => value), pairs.map(([, value]) => value)];
  if (!independent) noGrad(() => scope(() => pairs.forEach(([to, from]) => void to.copy_(from))));
  target.train();
  return {
    ...outputsOf(target),
    follow(momentum) {
      if (momentum === 1) return;
      noGrad(() => {
        ops.foreachMul_(averages, momentum);
        ops.foreachAdd_(averages, latest, { alpha: 1 - momentum });
      });
    },
    state: () => new Map([...target.stateDict()].map(([name, value]) => [`slow.${name}`, value])),
  };
}

const outputsOf = (network: nn.Module): Pick<TargetNetwork, "outputs" | "targets"> => ({
  outputs: (images) => noGrad(() => network.forward(images)),
  targets: (images) => noGrad(() => directions(network.forward(images))),
});

/** A frozen target network; its batch norm uses the statistics of the batch, as a random network has no running ones. */
export function frozenTargetNetwork(network: nn.Module): TargetNetwork {
  for (const parameter of network.parameters()) parameter.requiresGrad = false;
  network.train();
  return {
    ...outputsOf(network),
    follow: () => {},
    state: () => new Map([...network.stateDict()].map(([name, value]) => [`slow.${name}`, value])),
  };
}

/** Copies a saved state into the tensors that hold it, by name. */
export function copyState(from: ReadonlyMap<string, Tensor>, into: ReadonlyMap<string, Tensor>): void {
  for (const [name, { shape }] of into) {
    const given = from.get(name)?.shape;
    if (given?.join() === shape.join()) continue;
    const received = given === undefined ? "nothing" : `a tensor of ${given.join(" x ")}`;
    throw new RangeError(`the state's ${option(name)}: received ${received}; expected ${shape.join(" x ")}`);
  }
  noGrad(() => scope(() => into.forEach((tensor, name) => void tensor.copy_(from.get(name) as Tensor))));
}
