// One sample: its picture, what speaks for either class, and the verdicts.
import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { QueueItem, SampleDetails } from "../../api.js";
import { ActionButton } from "../ui/action-button.js";
import { Pending } from "../ui/pending.js";
import { probability } from "../ui/text.js";
import { Beliefs } from "./beliefs.js";
import { TypeClassButton } from "./class-dialog.js";
import { useDetails } from "./details.js";
import { partOf } from "./filters.js";
import { Neighbors } from "./neighbors.js";
import { BRIGHTNESS, Picture } from "./picture.js";
import { pictureAddress } from "./picture-address.js";
import type { ReviewSession, Verdict } from "./session.js";
import { TrajectoryStrip } from "./trajectory.js";
import { decisionText, relabel, suggestion } from "./verdicts.js";

interface Props {
  readonly session: ReviewSession;
  readonly classes: readonly string[];
  readonly item: QueueItem;
  readonly decide: (verdict: Verdict, seconds: number) => void;
  /** Buttons that decide nothing. */
  readonly moves: ComponentChildren;
}

export function SampleView({ session, classes, item, decide, moves }: Props) {
  const part = partOf(session.filters);
  const details = useDetails(session.run, part, item.sample);
  const zoomed = useSignal(false);
  const brightness = useSignal(0);
  const since = useRef(performance.now());
  useEffect(() => {
    since.current = performance.now();
  }, [item.sample]);
  const act = (verdict: Verdict | null) => {
    if (verdict) decide(verdict, (performance.now() - since.current) / 1000);
  };
  const take = (label: string) => act(relabel([item], [label]));
  const { width, height } = details.state === "loaded" ? details.value : { width: 0, height: 0 };
  return (
    <div class="sample">
      <div class="sample-left">
        <Picture
          {...{
            run: session.run,
            part,
            sample: item.sample,
            width,
            height,
            zoomed: zoomed.value,
            brightness: brightness.value,
          }}
          caption={`Sample ${item.sample}, given label ${item.given ?? "unknown"}`}
        />
        <VerdictButtons {...{ item, classes, act, take }} />
        <div class="buttons moves">
          {moves}
          {pictureAddress(session.run, part, item.sample) === null ? null : (
            <>
              <ActionButton
                keys={["z"]}
                pressed={zoomed.value}
                act={() => {
                  zoomed.value = !zoomed.value;
                }}
              >
                Real pixels
              </ActionButton>
              <ActionButton
                keys={["b"]}
                pressed={brightness.value !== 0}
                act={() => {
                  brightness.value = (brightness.value + 1) % BRIGHTNESS.length;
                }}
                title="Twice, four times, half as bright, and back; only on the screen"
              >
                Brightness
              </ActionButton>
            </>
          )}
        </div>
      </div>
      <div class="sample-right">
        <SampleHead item={item} guess={details.state === "loaded" ? details.value.guess : null} />
        <Pending of={details}>{(value) => <Evidence session={session} details={value} take={take} />}</Pending>
      </div>
    </div>
  );
}

function Evidence({
  session,
  details,
  take,
}: {
  session: ReviewSession;
  details: SampleDetails;
  take: (label: string) => void;
}) {
  return (
    <>
      <Beliefs details={details} take={take} />
      <Neighbors run={session.run} kind="given" label={details.given} neighbors={details.nearestGiven} />
      {details.suggested === details.given ? null : (
        <Neighbors run={session.run} kind="suggested" label={details.suggested} neighbors={details.nearestSuggested} />
      )}
      <TrajectoryStrip details={details} part={partOf(session.filters)} />
    </>
  );
}

/** What `issues` takes a sample for. */
const GUESSES: Readonly<Record<string, string>> = {
  mislabeled: "Looks mislabeled",
  ambiguous: "Looks ambiguous",
  outlier: "Looks like an outlier",
  hard: "The label looks right",
};

function SampleHead({ item, guess }: { item: QueueItem; guess: string | null }) {
  const { given, suggested, pWrong, reason, decision, file, sample, again } = item;
  return (
    <header class="sample-head">
      <h2>
        <span class="given">{given ?? "no label"}</span>
        {suggested === null || suggested === given ? null : (
          <>
            <span aria-hidden="true"> → </span>
            <span class="unseen">, suggested </span>
            <span class="suggested">{suggested}</span>
          </>
        )}
      </h2>
      <p>
        {pWrong === null ? null : <span>P(wrong) {probability(pWrong)}. </span>}
        {guess === null ? null : <span>{GUESSES[guess] ?? guess}. </span>}
        {reason === null ? null : <span>{reason}. </span>}
        {decision && !again ? <b class="decision">Decided: {decisionText(decision)}</b> : null}
      </p>
      <p class="file soft">{file ?? `sample ${sample}`}</p>
    </header>
  );
}

interface ButtonProps {
  readonly item: QueueItem;
  readonly classes: readonly string[];
  readonly act: (verdict: Verdict | null) => void;
  readonly take: (label: string) => void;
}

function VerdictButtons({ item, classes, act, take }: ButtonProps) {
  const suggested = suggestion([item]);
  return (
    <fieldset class="buttons verdicts" aria-label="Verdict">
      <ActionButton keys={["q"]} act={() => act({ verdict: "right" })}>
        Label right{item.given === null ? "" : `: ${item.given}`}
      </ActionButton>
      <ActionButton keys={["w"]} tone="primary" disabled={suggested?.verdict !== "relabel"} act={() => act(suggested)}>
        Take {item.suggested ?? "the suggestion"}
      </ActionButton>
      <TypeClassButton classes={classes} take={take} />
      <ActionButton keys={["e"]} act={() => act({ verdict: "none" })}>
        None of these
      </ActionButton>
      <ActionButton keys={["a"]} act={() => act({ verdict: "ambiguous" })}>
        Ambiguous
      </ActionButton>
      <ActionButton keys={["n"]} act={() => act({ verdict: "later" })}>
        Later
      </ActionButton>
    </fieldset>
  );
}
