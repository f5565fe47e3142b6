// Collects what the review of a run's data needs: evaluates the network, searches every part for issues, places the samples on a map.
import { writeFolderAtomic } from "../../../atomic-files.js";
import { dataPlace, folderOf } from "../../../data/index.js";
import { type InspectRunOptions, inspectRun } from "../../../evaluation/index.js";
import { type Findings, findIssues, type RunInspection, unknownReason } from "../../../issues/index.js";
import { labelProbabilities } from "../../../issues/labels/label-findings.js";
import type { DataPart } from "../../../issues/part.js";
import { partsOfRun } from "../../../issues/parts-of-run.js";
import { MissingPackageError } from "../../../optional-package.js";
import { readRunRecipe } from "../../../runs/index.js";
import { carryOver } from "../review/carry-over.js";
import { checkpointKey } from "./checkpoint-key.js";
import { evidenceFolder, indexFile, type PartName, partFiles, pixelsName } from "./evidence-files.js";
import { placeAll, placeLandmarks, scaledTogether } from "./feature-map.js";
import { flaggedQueues } from "./flagged.js";
import { beliefsOf, partArrays } from "./part-arrays.js";
import { picturesOf } from "./pictures.js";

/** How far the collection is, from 0 to 1, and what it does. */
export type OnProgress = (progress: number, doing: string) => void;

/**
 * Writes the folder `studio` of a run.
 * @throws InputError as `inspectRun`.
 */
export async function collectEvidence(
  run: string,
  onProgress: OnProgress,
  options: InspectRunOptions = {},
): Promise<void> {
  const checkpoint = checkpointKey(run);
  const { recipe, resolved } = readRunRecipe(run);
  onProgress(0.02, "reading the data and evaluating the network on all samples");
  const inspection = await inspectRun(run, options);
  const { classes, train, test, featureSize } = inspection;
  const folder = options.dataSet === undefined ? folderOf(await dataPlace(recipe.data)) : undefined;
  const sets = { train: picturesOf(train, folder), test: picturesOf(test?.samples ?? null, folder) };
  const parts = partsOfRun(inspection);
  const searched: SearchedPart[] = [];
  for (const [i, part] of parts.entries()) {
    onProgress(0.3 + (0.5 * i) / parts.length, `searching the ${part.name} part for issues`);
    searched.push(await searchPart(inspection, part));
  }
  onProgress(0.8, "placing the samples on a map");
  const maps = await mapsOf(searched, featureSize);
  onProgress(0.95, "saving the results");
  const [first] = searched;
  const index = {
    checkpoint,
    data: resolved.fingerprint,
    classes: [...classes],
    featureSize,
    noiseRate: rateOf(first!.findings),
    pictures: { train: sets.train.pictures, test: sets.test.pictures },
    trainSamples: train.labels.length,
    hasMap: maps !== null,
    parts: searched.map(({ part, findings }) => ({
      name: part.name as PartName,
      samples: part.indices.length,
      flagged: flaggedQueues(findings, parts),
    })),
    notes: [...inspection.notes, ...new Set(searched.flatMap(({ findings }) => findings.notes))],
  };
  const files = new Map<string, Uint8Array>([
    ...searched.flatMap(({ part, arrays }, i) =>
      partFiles(
        part.name as PartName,
        { ...arrays, map: maps?.[i] ?? new Float32Array() },
        part.files ? [...part.files] : null,
      ),
    ),
    ...(["train", "test"] as const).flatMap((set): [string, Uint8Array][] => {
      const { pixels } = sets[set];
      return pixels === null ? [] : [[pixelsName(set), pixels]];
    }),
    indexFile(index),
  ]);
  writeFolderAtomic(evidenceFolder(run), files);
  carryOver(run);
}

interface SearchedPart {
  readonly part: DataPart;
  readonly findings: Findings;
  readonly arrays: ReturnType<typeof partArrays>;
}

async function searchPart(inspection: RunInspection, part: DataPart): Promise<SearchedPart> {
  const findings = await findIssues(inspection, { part: part.name as PartName });
  const trained = part.name === "train" ? labelProbabilities(inspection) : new Float32Array();
  const beliefs = beliefsOf(part, trained, inspection.classes.length);
  return { part, findings, arrays: partArrays(part, findings, inspection, beliefs) };
}

/** A map of each part, all on the same landmarks; null without the package, or with too few samples. */
async function mapsOf(searched: readonly SearchedPart[], size: number): Promise<Float32Array[] | null> {
  try {
    const landmarks = await placeLandmarks({ values: searched[0]!.arrays.features, size });
    if (landmarks === null) return null;
    const maps: Float32Array[] = [];
    for (const { arrays } of searched) maps.push(await placeAll({ values: arrays.features, size }, landmarks));
    return scaledTogether(maps);
  } catch (error) {
    if (error instanceof MissingPackageError) return null;
    throw error;
  }
}

const rateOf = ({ noiseRate }: Findings) => {
  const { estimate, low, high } = noiseRate;
  return { estimate, low, high, unknown: unknownReason(noiseRate) };
};
