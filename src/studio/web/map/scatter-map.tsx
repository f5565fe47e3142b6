// The canvas of the map: points by class, a loop drawn with the pointer, zoom by wheel or buttons.
import { type Signal, useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { PartName } from "../../api.js";
import { pictureAddress } from "../review/picture-address.js";
import { ActionButton } from "../ui/action-button.js";
import { SampleImage } from "../ui/sample-image.js";
import { count } from "../ui/text.js";
import { drawMap } from "./draw-map.js";
import { inside, type Loop, type MapPoints, nearest } from "./points.js";
import { toMap, type Viewport, wholeMap, zoomAt } from "./viewport.js";

interface Props {
  readonly run: string;
  readonly part: PartName;
  readonly classes: readonly string[];
  readonly points: MapPoints;
  /** What the map is of. */
  readonly tabs: ComponentChildren;
  /** Rows of the points. */
  readonly selected: Signal<readonly number[]>;
  readonly highlighted: Signal<number | null>;
}

interface Hover {
  readonly row: number;
  readonly x: number;
  readonly y: number;
}

/** Pixels around the pointer in which a sample is found. */
const REACH = 12;

export function ScatterMap({ run, part, classes, points, tabs, selected, highlighted }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const view = useSignal<Viewport>({ width: 0, height: 0, scale: 1, left: 0, top: 0 });
  const loop = useSignal<Loop>([]);
  const hover = useSignal<Hover | null>(null);
  useSize(canvas, view);
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      const element = canvas.current;
      if (element && view.value.width > 0)
        drawMap(element, view.value, points, {
          classes: classes.length,
          loop: loop.value,
          selected: selected.value,
          highlighted: highlighted.value,
        });
    });
    return () => cancelAnimationFrame(frame);
  }, [points, view.value, loop.value, selected.value, highlighted.value]);
  const at = ({ offsetX, offsetY }: MouseEvent) => toMap(view.value, offsetX, offsetY);
  const zoom = (factor: number, x = view.value.width / 2, y = view.value.height / 2) => {
    view.value = zoomAt(view.value, factor, x, y);
  };
  return (
    <div class="map-main">
      <div class="bar">
        {tabs}
        <p class="soft">Samples with similar features are near each other.</p>
        <span class="space" />
        <div class="buttons">
          <ActionButton keys={["+", "shift++"]} act={() => zoom(1.5)}>
            Zoom in
          </ActionButton>
          <ActionButton keys={["-"]} act={() => zoom(1 / 1.5)}>
            Zoom out
          </ActionButton>
          <ActionButton
            keys={["0"]}
            act={() => {
              view.value = wholeMap(view.value);
            }}
          >
            All
          </ActionButton>
        </div>
      </div>
      <div class="map-frame card">
        <canvas
          ref={canvas}
          role="img"
          aria-label={`Map of ${count(points.size)} samples in ${classes.length} classes, ${count(selected.value.length)} selected`}
          onPointerDown={(event) => {
            if (event.button !== 0) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            loop.value = [at(event)];
            hover.value = null;
          }}
          onPointerMove={(event) => {
            if (loop.value.length > 0) loop.value = [...loop.value, at(event)];
            else {
              const row = nearest(points, ...at(event), REACH / view.value.scale);
              hover.value = row === null ? null : { row, x: event.offsetX, y: event.offsetY };
            }
          }}
          onPointerUp={() => {
            if (loop.value.length > 2) selected.value = inside(points, loop.value);
            loop.value = [];
          }}
          onPointerLeave={() => {
            hover.value = null;
          }}
          onWheel={(event) => {
            event.preventDefault();
            zoom(1.002 ** -event.deltaY, event.offsetX, event.offsetY);
          }}
        />
        {hover.value ? (
          <Preview {...{ run, part, hover: hover.value, classes, points, width: view.value.width }} />
        ) : null}
      </div>
    </div>
  );
}

type PreviewProps = Pick<Props, "run" | "part" | "classes" | "points"> & { hover: Hover; width: number };

/** Beside the pointer, on the side that has room. */
function Preview({ run, part, hover: { row, x, y }, classes, points, width }: PreviewProps) {
  const sample = points.samples[row] as number;
  const side = x + 150 > width ? "translateX(-100%) translateX(-28px)" : "";
  return (
    <div class="map-preview" style={{ transform: `translate(${x + 14}px, ${Math.max(0, y - 60)}px) ${side}` }}>
      <SampleImage src={pictureAddress(run, part, sample, 160)} alt="">
        Sample {sample}
      </SampleImage>
      <span>{classes[points.labels[row] ?? -1] ?? "no label"}</span>
    </div>
  );
}

function useSize(canvas: { current: HTMLCanvasElement | null }, view: Signal<Viewport>) {
  useEffect(() => {
    const element = canvas.current as HTMLCanvasElement;
    const resize = new ResizeObserver(() => {
      const { clientWidth: width, clientHeight: height } = element;
      element.width = width * devicePixelRatio;
      element.height = height * devicePixelRatio;
      view.value = wholeMap({ ...view.value, width, height });
    });
    resize.observe(element);
    return () => resize.disconnect();
  }, [canvas, view]);
}
