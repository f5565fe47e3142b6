// Find label errors: train once, then rank the labels by how suspect they are.
import { type DataSet, findIssues, inspectRun, train } from "selfadapt";
import { manualSeed, ops } from "selfadapt/torch";

// Embeddings of five classes, each around a center of its own. Any data that `train` reads will do.
const classes = ["ant", "bee", "cat", "dog", "elk"];
const labels = Int32Array.from({ length: 1000 }, (_, i) => i % 5);
manualSeed(0);
const centers = ops.randn([5, 16]).repeat([200, 1]);
const values = centers.add(ops.randn([1000, 16])).data() as Float32Array;
const dataSet: DataSet = { format: "arrays", classes, train: { values, shape: [16], labels }, test: null, notes: [] };

// Symmetric noise draws 20% of the labels at random from all classes: 16% are then wrong.
const recipe = {
  model: "mlp",
  objective: "sat",
  noise: "symmetric:0.2",
  startEpoch: 4,
  epochs: 12,
  batchSize: 32,
  lr: 0.02,
} as const;
const { prepared } = await train(recipe, { dataSet, out: "runs/noisy" });

const percent = (fraction: number) => `${(100 * fraction).toFixed(1)}%`;
const findings = await findIssues(await inspectRun("runs/noisy", { prepared }));
const { estimate, low, high } = findings.noiseRate;
console.log(`wrong labels: about ${percent(estimate)} (${percent(low)} to ${percent(high)})`);
for (const { index, given, suggested, score } of findings.issues.slice(0, 10)) {
  const truth = classes[labels[index] as number];
  console.log(`${score.toFixed(3)} sample ${index}: labeled ${given}, suggested ${suggested}, in truth ${truth}`);
}
