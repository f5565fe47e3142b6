// Embed images and search for the most similar ones, by cosine similarity.
import { openEmbedder, shapesDataSet, train } from "selfadapt";
import { ops, scope, tensor } from "selfadapt/torch";

const dataSet = shapesDataSet({ train: 300, test: 10, size: 16, seed: 0 });
await train({ objective: "sat", startEpoch: 2, epochs: 4, batchSize: 20, width: 8 }, { dataSet, out: "runs/shapes" });

const embedder = openEmbedder("runs/shapes");
const unitRows = (images: Uint8Array | Float32Array, count: number) => {
  const rows = tensor(embedder.embed(images, count), { shape: [count, embedder.embeddingSize] });
  return rows.div(ops.linalgVectorNorm(rows, { dim: [1], keepdim: true }));
};

scope(() => {
  const library = unitRows(dataSet.train.values, 300);
  const queries = unitRows(dataSet.test!.values, 10);
  const [, nearest] = queries.matmul(library.t()).topk(5);
  const nameOf = (sample: number) => dataSet.classes[dataSet.train.labels[sample] as number];
  (nearest.toArray() as number[][]).forEach((samples, query) => {
    const label = dataSet.classes[dataSet.test!.labels[query] as number];
    console.log(`${label}: ${samples.map((sample) => nameOf(Number(sample))).join(", ")}`);
  });
});
embedder.close();
