// A cell of the grid: the picture, the given and the suggested class, and the decision.

import { partOf } from "../review/filters.js";
import { pictureAddress } from "../review/picture-address.js";
import type { ReviewSession } from "../review/session.js";
import { decisionMark, decisionText } from "../review/verdicts.js";
import { SampleImage } from "../ui/sample-image.js";
import { probability } from "../ui/text.js";
import type { Selection } from "./selection.js";

interface Props {
  readonly session: ReviewSession;
  readonly selection: Selection;
  readonly place: number;
  readonly cells: number;
  /** Whether its picture may be requested. */
  readonly isSettled: boolean;
}

/** The side of the pictures requested, for screens of two pixels a point. */
const SIZE = 240;

export function GridCell({ session, selection, place, cells, isSettled }: Props) {
  const item = session.queue.at(place);
  const isFocus = selection.focus.value === place;
  return (
    <div
      class={item?.decision && !item.again ? "cell decided" : "cell"}
      role="option"
      data-place={place}
      tabIndex={isFocus ? 0 : -1}
      aria-selected={selection.places.value.has(place)}
      aria-posinset={place + 1}
      aria-setsize={cells}
    >
      {item && isSettled ? (
        <SampleImage src={pictureAddress(session.run, partOf(session.filters), item.sample, SIZE)} alt="">
          Sample {item.sample}
        </SampleImage>
      ) : (
        <span class="blank" />
      )}
      {item ? (
        <>
          <span class="names">
            {item.given ?? "no label"}
            {item.suggested === null || item.suggested === item.given ? "" : ` → ${item.suggested}`}
          </span>
          <span class="soft">
            {item.decision && !item.again ? (
              <b class="decision">
                {decisionMark[item.decision.verdict]} {decisionText(item.decision)}
              </b>
            ) : item.pWrong === null ? (
              `sample ${item.sample}`
            ) : (
              `P(wrong) ${probability(item.pWrong)}`
            )}
          </span>
        </>
      ) : (
        <span class="soft">loading</span>
      )}
    </div>
  );
}
