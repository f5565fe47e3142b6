// The page of `issues`: likely label errors, every other kind of issue with pictures, and the classes.
import type { Findings } from "../../issues/findings.js";
import { count } from "../html/format.js";
import { html } from "../html/html.js";
import { page, section, type Tile, tiles } from "../html/page.js";
import { classTable } from "../run-page/labels/class-table.js";
import { findingTile } from "../run-page/labels/finding-tile.js";
import { issueGallery } from "../run-page/labels/gallery.js";
import { flaggedSamples, issueSections } from "./issue-sections.js";
import { capitalized } from "./kind-section.js";
import type { SamplesByPart } from "./part-samples.js";

export interface IssuePageInput {
  readonly title: string;
  readonly findings: Findings;
  /** Pictures of the parts; without them the page has tables only. */
  readonly samples: SamplesByPart;
}

/** A self-contained HTML page of the findings on one part of the data. */
export async function renderIssues({ title, findings, samples }: IssuePageInput): Promise<string> {
  const { part, samples: rows, classes } = findings;
  const own = samples.get(part)?.samples ?? null;
  const body = html`${tiles(headlines(findings))}
${section("Likely label errors", await issueGallery({ findings, samples: own }))}
${await issueSections(findings, samples)}
${section("Classes", classTable(findings, null))}`;
  const facts = `${count(rows.length)} samples of ${count(classes.length)} classes, part: ${part}`;
  return page({ title, facts, body });
}

function headlines(findings: Findings): Tile[] {
  const others = findings.kinds.map(({ kind, columns }) => ({
    name: capitalized(kind.title),
    value: count(flaggedSamples(columns)),
    note: "samples",
  }));
  return [findingTile(findings, null), ...others];
}
