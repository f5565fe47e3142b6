// The sections of a page for every kind of issue besides wrong labels: an overview, and pictures of the worst of each.
import type { Findings } from "../../issues/findings.js";
import { countFlags } from "../../issues/kinds/define-kind.js";
import type { FoundKind } from "../../issues/kinds/find-kinds.js";
import { count } from "../html/format.js";
import { type Html, html } from "../html/html.js";
import { section } from "../html/page.js";
import { capitalized, kindSection } from "./kind-section.js";
import type { SamplesByPart } from "./part-samples.js";

/** Null where no other kinds were searched for. */
export async function issueSections(findings: Findings, samples: SamplesByPart): Promise<Html | null> {
  const { kinds, part, classes } = findings;
  if (kinds.length === 0) return null;
  const sections: (Html | null)[] = [section("Other issues", overview(kinds))];
  for (const found of kinds) sections.push(await kindSection(found, { part, classes, samples }));
  return html`${sections}`;
}

function overview(kinds: readonly FoundKind[]): Html {
  const row = ({ kind, columns, summary }: FoundKind) =>
    html`<tr><th scope="row">${capitalized(kind.title)}</th><td>${count(flaggedSamples(columns))}</td><td>${summary}</td></tr>\n`;
  return html`<div class="table"><table class="kinds">
<thead><tr><th scope="col">Kind</th><th scope="col">Samples</th><th scope="col">Result</th></tr></thead>
<tbody>
${kinds.map(row)}</tbody>
</table></div>
`;
}

/** Samples that any of the columns flags. */
export function flaggedSamples(columns: FoundKind["columns"]): number {
  if (columns.length === 1) return countFlags(columns[0]!);
  const rows = columns[0]?.flags.length ?? 0;
  return Array.from({ length: rows }, (_, row) => row).filter((row) => columns.some(({ flags }) => flags[row] === 1))
    .length;
}
