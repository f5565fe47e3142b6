// What the self-supervised methods share: directions, their agreement, and the network that follows slowly.
import { type nn, noGrad, ops, scope, type Tensor } from "../torch/index.js";
import { fullPrecision } from "./cross-entropy.js";

/** v / |v| of every row, (n, d), in full precision. */
export function directions(values: Tensor): Tensor {
  const full = fullPrecision(values);
  return full.div(full.norm(2, [1], { keepdim: true }).clampMin(1e-12));
}

/** mean_i( 2 - 2 <a_i, b_i> ) of unit rows: the squared distance between them. */
export function meanDistance(a: Tensor, b: Tensor): Tensor {
  return a.mul(b).sum([1]).mean().mul(-2).add(2);
}

/** The halves of a batch that two views of the same samples make up. */
export function views(batch: Tensor): [Tensor, Tensor] {
  const [rows = 0] = batch.shape;
  return [batch.narrow(0, 0, rows / 2), batch.narrow(0, rows / 2, rows / 2)];
}

/** The first d of 2 d columns, a predictor's answers, and the projections after them. */
export function predictionsAndProjections(outputs: Tensor): [Tensor, Tensor] {
  const [, columns = 0] = outputs.shape;
  return [outputs.narrow(1, 0, columns / 2), outputs.narrow(1, columns / 2, columns / 2)];
}

/** A network that follows another slowly: what its targets come from. */
export interface SlowNetwork {
  /** Its unit projections of a batch, (n, d); no gradient flows. Batch norm goes by the batch. */
  targets(images: Tensor): Tensor;
  /** s <- b s + (1 - b) w for every parameter that both networks have. */
  follow(momentum: number): void;
  /** What has to be saved of it, by name. */
  state(): Map<string, Tensor>;
}

/**
 * @param slow begins as a copy of `online` by the names that it has too, but where `independent`
 */
export function slowNetwork(online: nn.Module, slow: nn.Module, independent = false): SlowNetwork {
  const learnt = new Map(online.namedParameters());
  const pairs = [...slow.namedParameters()].map(([name, value]) => [value, learnt.get(name) as Tensor] as const);
  const stranger = [...slow.namedParameters()].find(([name]) => !learnt.has(name));
  if (stranger !== undefined) throw new Error(`the slow network has ${stranger[0]}, which the online one has not`);
  for (const [own] of pairs) own.requiresGrad = false;
  const [own, theirs] = [pairs.map(([value]) => value), pairs.map(([, value]) => value)];
  if (!independent) noGrad(() => scope(() => pairs.forEach(([to, from]) => void to.copy_(from))));
  slow.train();
  return {
    targets: (images) => noGrad(() => directions(slow.forward(images))),
    follow(momentum) {
      if (momentum === 1) return;
      noGrad(() => {
        ops.foreachMul_(own, momentum);
        ops.foreachAdd_(own, theirs, { alpha: 1 - momentum });
      });
    },
    state: () => new Map([...slow.stateDict()].map(([name, value]) => [`slow.${name}`, value])),
  };
}

/** A network that gives targets and never moves; its batch norm goes by the batch, as a random network has no averages yet. */
export function fixedNetwork(network: nn.Module): SlowNetwork {
  for (const parameter of network.parameters()) parameter.requiresGrad = false;
  network.train();
  return {
    targets: (images) => noGrad(() => directions(network.forward(images))),
    follow: () => {},
    state: () => new Map([...network.stateDict()].map(([name, value]) => [`slow.${name}`, value])),
  };
}

/** Copies a saved state into the tensors that hold it, by name. */
export function copyState(from: ReadonlyMap<string, Tensor>, into: ReadonlyMap<string, Tensor>): void {
  noGrad(() => scope(() => into.forEach((tensor, name) => void tensor.copy_(from.get(name) as Tensor))));
}
