// What every view of a run's data needs first: its classes, its queues, its noise.
import { useEffect, useRef } from "preact/hooks";
import type { Overview, RunDetails } from "../../api.js";
import type { Filters, RunView } from "../app/address.js";
import { query, runPath } from "../app/client.js";
import { useJson } from "../app/loaded.js";
import { reviewer } from "../app/settings.js";
import { GridView } from "../grid/grid-view.js";
import { MapView } from "../map/map-view.js";
import { QueuesView } from "../queues/queues-view.js";
import { RetrainView } from "../retrain/retrain-view.js";
import { StopView } from "../stop/stop-view.js";
import { Pending } from "../ui/pending.js";
import { setPictures } from "./picture-address.js";
import { ReviewView } from "./review-view.js";

const VIEWS = {
  queues: QueuesView,
  review: ReviewView,
  grid: GridView,
  map: MapView,
  stop: StopView,
  retrain: RetrainView,
};

interface Props {
  readonly view: Exclude<RunView, "watch">;
  readonly run: RunDetails;
  readonly filters: Filters;
}

export function ReviewFrame({ view, run, filters }: Props) {
  const overview = useJson<Overview>(
    runPath(run.id, "overview") + query({ part: filters.part ?? "train", reviewer: reviewer.value }),
  );
  const { reload } = overview;
  const before = useRef(view);
  // Verdicts in another view have made the queues shorter.
  useEffect(() => {
    if (view === "queues" && before.current !== "queues") reload();
    before.current = view;
  }, [view, reload]);
  return (
    <Pending of={overview}>
      {(value) => {
        const shared = { run: run.id, overview: value, filters };
        const View = VIEWS[view];
        setPictures(run.id, value);
        return <View {...shared} />;
      }}
    </Pending>
  );
}
