// The sample's picture: fitted into its frame, or its real pixels.
import { useEffect, useRef, useState } from "preact/hooks";
import type { PartName } from "../../api.js";
import { SampleImage } from "../ui/sample-image.js";
import { pictureAddress } from "./picture-address.js";

/** The side that fitted pictures are requested in. */
export const FITTED = 720;

/** How many times as bright pictures are shown, the original first. */
export const BRIGHTNESS = [1, 2, 4, 0.5] as const;

interface Props {
  readonly run: string;
  readonly part: PartName;
  readonly sample: number;
  /** Of the original; 0 before it is known. */
  readonly width: number;
  readonly height: number;
  readonly zoomed: boolean;
  /** A position in `BRIGHTNESS`. */
  readonly brightness: number;
  readonly caption: string;
}

export function Picture({ run, part, sample, width, height, zoomed, brightness, caption }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const [box, setBox] = useState({ width: 0, height: 0 });
  useEffect(() => {
    const element = frame.current as HTMLDivElement;
    const measure = () => setBox({ width: element.clientWidth, height: element.clientHeight });
    const resize = new ResizeObserver(measure);
    resize.observe(element);
    return () => resize.disconnect();
  }, []);
  const src = pictureAddress(run, part, sample, zoomed ? undefined : FITTED);
  const scale = zoomed ? pixelScale(width, height, box) : null;
  return (
    <figure class="picture">
      <div ref={frame} class={`frame ${zoomed ? "zoomed" : "fitted"} bright-${brightness}`}>
        <SampleImage
          key={`${sample} ${zoomed}`}
          src={src}
          alt={caption}
          width={scale === null ? undefined : width * scale}
          height={scale === null ? undefined : height * scale}
        >
          {src === null ? "No picture: the samples of this data are not images." : "This picture cannot be decoded."}
        </SampleImage>
      </div>
      <figcaption class="soft">
        {width > 0 ? `${width} \u00d7 ${height} pixels` : ""}
        {scale === null
          ? ""
          : scale * devicePixelRatio > 1
            ? `, each ${Math.round(scale * devicePixelRatio)} times as large`
            : ", one to one"}
        {brightness === 0 ? "" : `, ${BRIGHTNESS[brightness]} times as bright`}
      </figcaption>
    </figure>
  );
}

/** A whole number of screen pixels for each pixel of the picture: as many as fit, one at least. In CSS pixels. */
function pixelScale(width: number, height: number, box: { width: number; height: number }): number {
  const fits = Math.min(box.width / Math.max(1, width), box.height / Math.max(1, height)) * devicePixelRatio;
  return Math.max(1, Math.floor(fits)) / devicePixelRatio;
}
