// What is known about single samples; the next ones are fetched before they are reached.
import { useEffect, useState } from "preact/hooks";
import type { PartName, SampleDetails } from "../../api.js";
import { getJson, runPath } from "../app/client.js";
import type { Loaded } from "../app/loaded.js";
import { pictureAddress } from "./picture-address.js";

/** Answers kept: some hundred bytes each. */
const KEPT = 300;

const answers = new Map<string, Promise<SampleDetails>>();

/** The details of a sample. */
export function useDetails(run: string, part: PartName, sample: number): Loaded<SampleDetails> {
  const path = detailsPath(run, part, sample);
  const [loaded, setLoaded] = useState<{ path: string; value: Loaded<SampleDetails> }>({ path, value: LOADING });
  useEffect(() => {
    let isLatest = true;
    const set = (value: Loaded<SampleDetails>) => {
      if (isLatest) setLoaded({ path, value });
    };
    details(path).then(
      (value) => set({ state: "loaded", value }),
      (error: Error) => set({ state: "failed", error }),
    );
    return () => {
      isLatest = false;
    };
  }, [path]);
  return loaded.path === path ? loaded.value : LOADING;
}

const LOADING = { state: "loading", progress: null } as const;

/** Fetches details and pictures that will soon be needed. */
export function prefetch(run: string, part: PartName, samples: readonly number[], size: number): void {
  for (const sample of samples) {
    details(detailsPath(run, part, sample)).catch(() => {});
    const address = pictureAddress(run, part, sample, size);
    if (address !== null) new Image().src = address;
  }
}

const detailsPath = (run: string, part: PartName, sample: number) => runPath(run, `samples/${part}/${sample}`);

function details(path: string): Promise<SampleDetails> {
  const known = answers.get(path);
  if (known) return known;
  const answer = getJson<SampleDetails>(path);
  answers.set(path, answer);
  answer.catch(() => answers.delete(path));
  for (const oldest of answers.keys()) {
    if (answers.size <= KEPT) break;
    answers.delete(oldest);
  }
  return answer;
}
