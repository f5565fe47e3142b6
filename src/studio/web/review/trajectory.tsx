// A sample over the epochs: probability and target of its given label, and below the class that was predicted.
import type { PartName, SampleDetails } from "../../api.js";
import { share } from "../ui/text.js";

const SIZE = { width: 400, plot: 70, lane: 15, left: 88 };

type Trajectory = SampleDetails["trajectory"];

export function TrajectoryStrip({ details, part }: { details: SampleDetails; part: PartName }) {
  const { trajectory, given, suggested, disagreesFrom } = details;
  if (trajectory.length === 0) {
    return (
      <p class="soft">
        {part === "train"
          ? "This run kept no history of its samples."
          : "No history: the run was not trained on this sample."}
      </p>
    );
  }
  const step = (SIZE.width - SIZE.left) / trajectory.length;
  const x = (index: number) => SIZE.left + (index + 0.5) * step;
  const y = (value: number) => 2 + (1 - value) * (SIZE.plot - 4);
  const mark = trajectory.findIndex(({ epoch }) => epoch === disagreesFrom);
  const lanes = [given ?? "given", suggested ?? "suggested", "other"];
  const lane = (predicted: string) => (predicted === given ? 0 : predicted === suggested ? 1 : 2);
  const height = SIZE.plot + 6 + 3 * SIZE.lane + 16;
  return (
    <figure class="trajectory">
      <svg viewBox={`0 0 ${SIZE.width} ${height}`} role="img" aria-label={describe(details)}>
        <path class="rule" d={`M${SIZE.left} ${y(0)}H${SIZE.width}M${SIZE.left} ${y(1)}H${SIZE.width}`} />
        <text x={SIZE.left - 6} y={y(1) + 9} text-anchor="end">
          100%
        </text>
        <text x={SIZE.left - 6} y={y(0)} text-anchor="end">
          0%
        </text>
        {mark < 0 ? null : <path class="mark" d={`M${x(mark) - step / 2} 0V${SIZE.plot + 6 + 3 * SIZE.lane}`} />}
        <path
          class="probability"
          d={line(
            trajectory.map(({ probability }) => probability),
            x,
            y,
          )}
        />
        <path
          class="target"
          d={line(
            trajectory.map(({ target }) => target),
            x,
            y,
          )}
        />
        {lanes.map((name, i) => (
          <text key={name} x={SIZE.left - 6} y={SIZE.plot + 6 + (i + 1) * SIZE.lane - 3} text-anchor="end">
            {name.length > 11 ? `${name.slice(0, 10)}\u2026` : name}
          </text>
        ))}
        {trajectory.map(({ epoch, predicted }, i) => (
          <rect
            key={epoch}
            class={`lane-${lane(predicted)}`}
            x={x(i) - step / 2}
            y={SIZE.plot + 7 + lane(predicted) * SIZE.lane}
            width={Math.max(0.5, step - (step > 4 ? 1 : 0))}
            height={SIZE.lane - 2}
          />
        ))}
        <text x={SIZE.left} y={height - 2}>{`epoch ${trajectory[0]?.epoch}`}</text>
        <text x={SIZE.width} y={height - 2} text-anchor="end">
          {trajectory.at(-1)?.epoch}
        </text>
      </svg>
      <figcaption class="soft">
        <span class="key probability">Probability of the given label</span>
        {trajectory.some(({ target }) => target !== null) ? <span class="key target">Its target</span> : null}
        {disagreesFrom === null ? null : <span>The network disagrees from epoch {disagreesFrom} on</span>}
      </figcaption>
    </figure>
  );
}

function line(values: readonly (number | null)[], x: (i: number) => number, y: (value: number) => number): string {
  const points = values.flatMap((value, i) => (value === null ? [] : [`${x(i).toFixed(1)} ${y(value).toFixed(1)}`]));
  return points.length > 0 ? `M${points.join("L")}` : "";
}

function describe({
  trajectory,
  given,
  disagreesFrom,
}: {
  trajectory: Trajectory;
  given: string | null;
  disagreesFrom: number | null;
}): string {
  const last = trajectory.at(-1);
  const from = disagreesFrom === null ? "" : `; another class is predicted from epoch ${disagreesFrom}`;
  return `Probability of ${given} over ${trajectory.length} epochs, ${share(last?.probability)} at the end${from}`;
}
