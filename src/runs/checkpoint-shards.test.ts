// The rows that ranks wrote, read by another number of ranks.
import { expect, test } from "vitest";
import { distributed, type StoredTensor } from "../torch/index.js";
import { readShards, shardMetadata, shardName, shardsAmong } from "./checkpoint-shards.js";

const samples = 11;
const world = 3;

/** Rows of bytes, two a sample: 10 i and 10 i + 1. */
const rowsOf = ({ first, count }: distributed.Block): StoredTensor => ({
  dtype: "uint8",
  shape: [count, 2],
  bytes: Uint8Array.from({ length: 2 * count }, (_, i) => 10 * (first + Math.floor(i / 2)) + (i % 2)),
});
const blockOf = (rank: number, of: number) => distributed.blockBounds(samples, { rank, world: of });
const shards = new Map(
  Array.from({ length: world }, (_, rank) => [shardName({ rank, world }), rowsOf(blockOf(rank, world))]),
);
const read = (name: string) => ({
  tensors: new Map([["targets", shards.get(name) as StoredTensor]]),
  metadata: shardMetadata(samples),
});

test("rows of three ranks are all rows, or those of one rank of any number", () => {
  expect(readShards(world, read).get("targets")).toEqual(rowsOf({ first: 0, count: samples }));
  for (const readers of [1, 2, 3, 5, 8, 13]) {
    for (let rank = 0; rank < readers; rank++) {
      const rows = readShards(world, read, { rank, world: readers }).get("targets");
      expect(rows, `rank ${rank} of ${readers}`).toEqual(rowsOf(blockOf(rank, readers)));
    }
  }
});

test("the number of ranks is that in the files' names", () => {
  expect(shardsAmong(["model.safetensors", "targets.safetensors"])).toBe(0);
  expect(shardsAmong([...shards.keys(), "model"].map((name) => `${name}.safetensors`))).toBe(3);
});
