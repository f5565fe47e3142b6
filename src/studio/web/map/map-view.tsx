// The embedding map: draw a loop around samples, or take a class, and review what is inside.
import { useSignal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import type { Overview, PartName } from "../../api.js";
import { type Filters, runAddress } from "../app/address.js";
import { getBytes, query, runPath } from "../app/client.js";
import type { Loaded } from "../app/loaded.js";
import { PartTabs } from "../app/part-tabs.js";
import { packSamples } from "../review/sample-list.js";
import { Empty, Pending } from "../ui/pending.js";
import { count } from "../ui/text.js";
import { ClassLegend } from "./class-legend.js";
import { type MapPoints, pointsOf } from "./points.js";
import { ScatterMap } from "./scatter-map.js";

interface Props {
  readonly run: string;
  readonly overview: Overview;
  readonly filters: Filters;
}

export function MapView({ run, overview, filters }: Props) {
  const part = (filters.part ?? "train") as PartName;
  if (!overview.hasMap)
    return <Empty>There is no map: umap-js is not installed, or there are fewer than five samples.</Empty>;
  return <LoadedMap run={run} part={part} overview={overview} />;
}

interface MapProps extends Pick<Props, "run" | "overview"> {
  readonly part: PartName;
}

function LoadedMap(props: MapProps) {
  const points = usePoints(props.run, props.part);
  return <Pending of={points}>{(value) => <MapPage {...props} points={value} />}</Pending>;
}

function MapPage({ run, part, overview, points }: MapProps & { readonly points: MapPoints }) {
  const { classes } = overview;
  const tabs = <PartTabs overview={overview} part={part} />;
  const selected = useSignal<readonly number[]>([]);
  const highlighted = useSignal<number | null>(null);
  const target = (): Filters => ({
    ...(part === "train" ? {} : { part }),
    ...{ queue: "map", samples: packSamples(selected.value.map((row) => points.samples[row] as number)), state: "any" },
  });
  return (
    <div class="map">
      <ScatterMap {...{ run, part, classes, points, tabs, selected, highlighted }} />
      <aside>
        <section class="card pad" aria-live="polite">
          <h2>{selected.value.length === 0 ? "Nothing selected" : `${count(selected.value.length)} selected`}</h2>
          <p class="soft">Draw a loop around samples, or select a class below.</p>
          {selected.value.length === 0 ? null : (
            <div class="buttons">
              <a class="action primary" href={runAddress(run, "review", target())}>
                Review
              </a>
              <a class="action plain" href={runAddress(run, "grid", target())}>
                Grid
              </a>
              <button
                type="button"
                class="action plain"
                onClick={() => {
                  selected.value = [];
                }}
              >
                Clear
              </button>
            </div>
          )}
        </section>
        <ClassLegend classes={classes} points={points} highlighted={highlighted} selected={selected} />
      </aside>
    </div>
  );
}

function usePoints(run: string, part: PartName): Loaded<MapPoints> {
  const [loaded, setLoaded] = useState<Loaded<MapPoints>>({ state: "loading", progress: null });
  useEffect(() => {
    const stop = new AbortController();
    const bytes = (what: string) => getBytes(runPath(run, what) + query({ part }), stop.signal);
    setLoaded({ state: "loading", progress: null });
    Promise.all([bytes("map"), bytes("labels"), bytes("numbers")]).then(
      ([places, labels, samples]) => setLoaded({ state: "loaded", value: pointsOf(places, labels, samples) }),
      (error) => {
        if (!stop.signal.aborted) setLoaded({ state: "failed", error });
      },
    );
    return () => stop.abort();
  }, [run, part]);
  return loaded;
}
