// The nearest training images of a class, to compare with.
import type { PartName, SampleDetails } from "../../api.js";
import { runAddress } from "../app/address.js";
import { SampleImage } from "../ui/sample-image.js";
import { share } from "../ui/text.js";
import { pictureAddress } from "./picture-address.js";
import { packSamples } from "./sample-list.js";

interface Props {
  readonly run: string;
  readonly label: string | null;
  readonly kind: "given" | "suggested";
  readonly neighbors: SampleDetails["nearestGiven"];
}

const PART: PartName = "train";
const SIZE = 144;

export function Neighbors({ run, label, kind, neighbors }: Props) {
  if (label === null || neighbors.length === 0) return null;
  return (
    <section class="neighbors">
      <h3>
        Nearest of the {kind} class, <b>{label}</b>
      </h3>
      <ul>
        {neighbors.map(({ sample, similarity }) => (
          <li key={sample}>
            <a
              href={runAddress(run, "review", {
                part: PART,
                queue: "map",
                samples: packSamples([sample]),
                state: "any",
              })}
            >
              <SampleImage
                src={pictureAddress(run, PART, sample, SIZE)}
                alt={`Training sample ${sample}, ${label}, similarity ${share(similarity, 0)}`}
                title={`Sample ${sample}, similarity ${share(similarity, 0)}`}
              >
                {sample}, {share(similarity, 0)} similar
              </SampleImage>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}
