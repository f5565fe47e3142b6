// Train on embeddings of another model, and find their label errors: embeddings-npz.ts [FILE.npz]
// In Python: numpy.savez("embeddings.npz", features=features, labels=labels)
import { findIssues, inspectRun, readDataSet, train } from "selfadapt";

const [data = "embeddings.npz"] = process.argv.slice(2);
const { train: samples, classes } = await readDataSet(data);
console.log(`${samples.labels.length} embeddings of size ${samples.shape[0]}, ${classes.length} classes`);

const recipe = { data, model: "mlp", objective: "sat", startEpoch: 5, epochs: 10, batchSize: 32, testFraction: 0.2 };
const { summary, prepared } = await train(recipe, { out: "runs/embeddings" });
console.log(`test accuracy ${summary?.testAccuracy}`);

const { issues } = await findIssues(await inspectRun("runs/embeddings", { prepared }));
const suspect = issues.slice(0, 5).map(({ index }) => index);
console.log(`most suspect: ${suspect.join(", ")}`);
