// The section of one kind of issue: what was found, what to do about it, and pictures of the worst.

import { countFlags, type IssueColumn, type SampleGroup } from "../../issues/kinds/define-kind.js";
import type { FoundKind } from "../../issues/kinds/find-kinds.js";
import { count } from "../html/format.js";
import { type Html, html } from "../html/html.js";
import { section } from "../html/page.js";
import type { SamplesByPart } from "./part-samples.js";
import { picture } from "./picture.js";

/** Limits the size of the page. */
const most = { groups: 12, perGroup: 8, perColumn: 16 };

/** Where the samples of a finding are from. */
export interface Context {
  /** The part that was searched. */
  readonly part: string;
  readonly classes: readonly string[];
  readonly samples: SamplesByPart;
}

/** Null where the kind flags no sample. */
export async function kindSection(found: FoundKind, context: Context): Promise<Html | null> {
  const { kind, columns, groups, summary } = found;
  const flagged = columns.filter((column) => countFlags(column) > 0);
  if (flagged.length === 0) return null;
  const shown =
    groups.length > 0
      ? await groupCards(groups, context)
      : await Promise.all(flagged.map((column) => columnGallery(column, columns.length > 1, context)));
  const lead = html`<p class="lead">${sentence(summary)} To do: ${kind.advice}.</p>\n`;
  return section(capitalized(kind.title), html`${lead}${shown}`);
}

export const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const sentence = (text: string) => `${capitalized(text)}.`;

/** The first groups, each with its samples side by side. */
async function groupCards(groups: readonly SampleGroup[], context: Context): Promise<Html> {
  const cards: Html[] = [];
  for (const group of groups.slice(0, most.groups)) cards.push(await groupCard(group, context));
  return html`<div class="groups">\n${cards}</div>\n${rest(groups.length - cards.length, "groups")}`;
}

async function groupCard({ samples, others, text }: SampleGroup, context: Context): Promise<Html> {
  const own = samples.map((row) => ({ part: context.part, row, other: null }));
  const theirs = others?.samples.map((row) => ({ part: others.part, row, other: others.part })) ?? [];
  // Of a pair of parts both are shown.
  const kept = others === undefined ? own.slice(0, most.perGroup) : [...half(own), ...half(theirs)];
  const pictures = await Promise.all(kept.map((one) => pictureOf(one, null, context)));
  return html`<section class="${kept.length > 2 ? "group large" : "group"}"><ul class="gallery">\n${pictures}</ul>
<p class="note">${text}</p>${rest(own.length + theirs.length - kept.length, "samples")}</section>
`;
}

const half = <T>(all: readonly T[]) => all.slice(0, most.perGroup / 2);

/** The flagged samples with the highest scores. */
async function columnGallery({ name, scores, flags }: IssueColumn, named: boolean, context: Context): Promise<Html> {
  const rows = Array.from(flags.keys()).filter((row) => flags[row] === 1);
  const worst = rows.sort((a, b) => scores[b]! - scores[a]! || a - b).slice(0, most.perColumn);
  const pictures = await Promise.all(
    worst.map((row) => pictureOf({ part: context.part, row, other: null }, scores[row]!, context)),
  );
  const heading = named ? html`<h3>${capitalized(name.replaceAll("_", " "))}: ${count(rows.length)}</h3>\n` : null;
  return html`${heading}<ul class="gallery">\n${pictures}</ul>\n${rest(rows.length - worst.length, "samples")}`;
}

async function pictureOf(
  { part, row, other }: { part: string; row: number; other: string | null },
  score: number | null,
  { classes, samples }: Context,
): Promise<Html | null> {
  const known = samples.get(part);
  return known ? picture({ part: known, row, classes, other, score }) : null;
}

const rest = (more: number, what: string) =>
  more > 0 ? html`<p class="note-below">${count(more)} more ${what} are not shown.</p>\n` : null;
