// The layers of a network, from the input to the classifier, by the names of its parameters.
import type { Network } from "./network.js";

/** Up to the first number that another part follows: `blocks.3` of `blocks.3.attn.qkv.weight`. */
const blockOf = /^.*?\.\d+(?=\.)/;

/** The pattern of the layers of a network that is `name` in another; the heads beside it are at the classifier's depth. */
export function layersWithin(name: string, { layerPattern = blockOf }: Pick<Network, "layerPattern">): RegExp {
  return new RegExp(`^${name}\\.${layerPattern.source.replace(/^\^/, "")}`);
}

/**
 * The depth of every parameter: 0 before the first block, then block by block; the parameters after the last block and the
 * classifier are the deepest.
 */
export function layerDepths(network: Pick<Network, "namedParameters" | "head" | "layerPattern">): Map<string, number> {
  const names = [...network.namedParameters()].map(([name]) => name);
  const { head, layerPattern = blockOf } = network;
  const blockNamed = (name: string) => (name.startsWith(`${head}.`) ? undefined : layerPattern.exec(name)?.[0]);
  const blocks = [...new Set(names.map(blockNamed).filter((block) => block !== undefined))];
  const last = names.findLastIndex((name) => blockNamed(name) !== undefined);
  return new Map(
    names.map((name, i) => {
      const block = blockNamed(name);
      if (block !== undefined) return [name, blocks.indexOf(block) + 1];
      return [name, i < last ? 0 : blocks.length + 1];
    }),
  );
}

/** Whether a parameter is left out of weight decay by usage: biases, norms' weights, factors, and embeddings of tokens. */
export function isUndecayed(name: string, shape: readonly number[]): boolean {
  return shape.length <= 1 || /(?:^|\.)(?:cls_token|pos_embed|register_tokens)$/.test(name);
}
