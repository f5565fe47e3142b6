// A custom kind of issue beside the built-in ones: labels that most of the nearest neighbors do not have.
import { findIssuesByFeatures, type IssueKind } from "selfadapt";
import { manualSeed, ops } from "selfadapt/torch";

const unlikeNeighbors: IssueKind = {
  name: "unlike_neighbors",
  title: "unlike their neighbors",
  needs: ["features", "labels"],
  advice: "look at the labels of the samples around them",
  async find({ part, neighbors }) {
    const { k, indices } = await neighbors();
    const scores = Float32Array.from(part.labels, (label, i) => {
      const labels = Array.from(indices.subarray(i * k, (i + 1) * k), (j) => part.labels[j]);
      return labels.filter((other) => other !== label).length / k;
    });
    const flags = Uint8Array.from(scores, (score) => Number(score >= 0.8));
    const flagged = flags.filter((flag) => flag === 1).length;
    return {
      columns: [{ name: "unlike_neighbors", scores, flags }],
      groups: [],
      summary: `${flagged} of ${scores.length} samples`,
    };
  },
};

// Embeddings of two classes, each around a center of its own. The labels of the first ten are switched.
manualSeed(0);
const classes = ["ant", "bee"];
const centers = ops.randn([2, 16]).mul(3).repeat([100, 1]);
const values = centers.add(ops.randn([200, 16])).data() as Float32Array;
const labels = Int32Array.from({ length: 200 }, (_, i) => (i < 10 ? 1 - (i % 2) : i % 2));

const features = { values, size: 16 };
const { kinds } = await findIssuesByFeatures({ features, labels, classes, types: ["outlier", unlikeNeighbors] });
for (const { kind, summary } of kinds) console.log(`${kind.title}: ${summary}`);
