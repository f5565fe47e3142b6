// The noise matrix: rows are given classes, columns suggested ones, cells lead to their suspects.
import type { Filters } from "../app/address.js";
import { runAddress } from "../app/address.js";
import { count } from "../ui/text.js";

/** The least P(wrong) of the suspects that the matrix counts. */
export const SUSPECT = "0.5";

export interface MatrixProps {
  readonly run: string;
  readonly classes: readonly string[];
  readonly pairs: readonly (readonly number[])[];
  readonly shared: Filters;
}

export function NoiseMatrix({ run, classes, pairs, shared }: MatrixProps) {
  const most = Math.max(1, ...pairs.flat());
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reached by keyboard
    <section class="scroll" tabIndex={0} aria-label="Noise matrix">
      <table class="matrix">
        <thead>
          <tr>
            <td />
            {classes.map((label) => (
              <th key={label} scope="col" title={label}>
                <span>{label}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {classes.map((given, row) => (
            <tr key={given}>
              <th scope="row" title={given}>
                {given}
              </th>
              {classes.map((suggested, column) => (
                <Cell key={suggested} {...{ run, shared, given, suggested, most }} n={pairs[row]?.[column] ?? 0} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface CellProps extends Pick<MatrixProps, "run" | "shared"> {
  readonly given: string;
  readonly suggested: string;
  readonly n: number;
  readonly most: number;
}

function Cell({ run, shared, given, suggested, n, most }: CellProps) {
  if (n === 0) return <td class={given === suggested ? "diagonal" : ""} />;
  // Five steps: the text keeps its contrast on each.
  const heat = Math.ceil((5 * n) / most);
  return (
    <td class={`heat-${heat}`}>
      <a
        href={runAddress(run, "review", { ...shared, given, suggested, minWrong: SUSPECT })}
        title={`${given}, suggested ${suggested}`}
      >
        {count(n)}
      </a>
    </td>
  );
}
