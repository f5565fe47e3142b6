// A page that shows what a data set was read as: its parts, its classes with ten pictures each, and what was left out.
import type { Inspection } from "../../data/inspect.js";
import { membersOf } from "../../data/split/class-members.js";
import type { DataSet, Samples } from "../../data/types.js";
import { count } from "../html/format.js";
import { type Html, html } from "../html/html.js";
import { page, section, tiles } from "../html/page.js";
import { holdPictures, thumbnail } from "../html/thumbnail.js";

const picturesPerClass = 10;
/** A page of more classes would be too large to open. */
const mostClasses = 200;

/** The page's HTML, complete in itself. */
export async function contactSheet(path: string, inspection: Inspection, { train }: DataSet): Promise<string> {
  const { format, shape, classes } = inspection;
  const sections: (Html | null)[] = [partTiles(inspection), leftOut(inspection)];
  const members = membersOf(train.labels, classes.length);
  for (const [label, name] of classes.slice(0, mostClasses).entries()) {
    sections.push(section(name, await classContent(inspection, train, members[label] ?? [], label)));
  }
  if (classes.length > mostClasses)
    sections.push(html`<p>${classes.length - mostClasses} more classes are not shown.</p>`);
  const facts = `${format}: ${classes.length} classes, samples of ${shape.join(" x ")}`;
  return page({ title: path, facts, body: html`${sections}` });
}

function partTiles({ training, validation, test, sizes }: Inspection): Html {
  const parts = Object.entries({ training, validation, test });
  const ofParts = parts.map(([name, part]) => ({
    name,
    value: part === null ? "none" : count(part.samples),
    note: part?.folder === null || part === null ? "" : `in ${part.folder}`,
  }));
  const side = ({ width, height }: { width: number; height: number }) => `${width} x ${height}`;
  const range =
    sizes === null
      ? []
      : [
          {
            name: "image sizes",
            value: count(sizes.distinct),
            note: `${side(sizes.smallest)} to ${side(sizes.largest)}`,
          },
        ];
  return tiles([...ofParts, ...range]);
}

function leftOut({ notes, unreadable }: Inspection): Html | null {
  const lines = [...notes, ...unreadable.map(({ file, reason }) => `cannot be read: ${file} (${reason})`)];
  return lines.length === 0 ? null : section("Notes", html`<ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`);
}

async function classContent(
  { training, validation, test }: Inspection,
  samples: Samples,
  members: readonly number[],
  label: number,
) {
  const counts = Object.entries({ training, validation, test }).flatMap(([name, part]) =>
    part === null ? [] : [`${count(part.counts[label] ?? 0)} for ${name}`],
  );
  return html`<p>${counts.join(", ")}</p>\n${await pictures(samples, members)}`;
}

/** Ten samples of a class, evenly spread over it; null for samples that are no pictures. */
async function pictures(samples: Samples, members: readonly number[]): Promise<Html | null> {
  if (!holdPictures(samples)) return null;
  const shown = Math.min(picturesPerClass, members.length);
  const images: Html[] = [];
  for (let i = 0; i < shown; i++) {
    const index = members[Math.floor((i * members.length) / shown)] as number;
    const { uri, pixelated } = await thumbnail(samples, index);
    const name = samples.files?.[index] ?? `sample ${index}`;
    const style = `width:96px;height:96px;object-fit:contain;${pixelated ? "image-rendering:pixelated" : ""}`;
    images.push(html`<img src="${uri}" alt="${name}" title="${name}" style="${style}">`);
  }
  return html`<div style="display:flex;flex-wrap:wrap;gap:6px">${images}</div>\n`;
}
