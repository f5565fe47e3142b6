// Closing the loop: train on the verdicts, compare before and after, take the corrections elsewhere.
import type { Overview } from "../../api.js";
import type { Filters } from "../app/address.js";
import { BeforeAfter } from "./before-after.js";
import { Exports } from "./exports.js";
import { RetrainForm } from "./retrain-form.js";

interface Props {
  readonly run: string;
  readonly overview: Overview;
  readonly filters: Filters;
}

export function RetrainView({ run, filters }: Props) {
  return (
    <div class="retrain">
      <RetrainForm run={run} />
      <Exports run={run} />
      <BeforeAfter run={run} after={filters.with ?? ""} />
    </div>
  );
}
