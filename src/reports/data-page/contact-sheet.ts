// A contact sheet of a data set: its parts, ten images of each class, and the files left out.
import type { Inspection } from "../../data/inspect.js";
import { membersOf } from "../../data/split/class-members.js";
import type { DataSet, Samples } from "../../data/types.js";
import { count } from "../html/format.js";
import { type Html, html } from "../html/html.js";
import { page, section, tiles } from "../html/page.js";
import { holdImages, thumbnail } from "../html/thumbnail.js";

const imagesPerClass = 10;
/** Limits the size of the page. */
const maxClasses = 200;

/** The page as self-contained HTML. */
export async function contactSheet(path: string, inspection: Inspection, { train }: DataSet): Promise<string> {
  const { format, shape, classes } = inspection;
  const sections: (Html | null)[] = [partTiles(inspection), leftOut(inspection)];
  const members = membersOf(train.labels, classes.length);
  for (const [label, name] of classes.slice(0, maxClasses).entries()) {
    sections.push(section(name, await classContent(inspection, train, members[label] ?? [], label)));
  }
  if (classes.length > maxClasses)
    sections.push(html`<p>${classes.length - maxClasses} more classes are not shown.</p>`);
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
  return html`<p>${counts.join(", ")}</p>\n${await classImages(samples, members)}`;
}

/** Ten samples of a class at even intervals; null for samples that are not images. */
async function classImages(samples: Samples, members: readonly number[]): Promise<Html | null> {
  if (!holdImages(samples)) return null;
  const shown = Math.min(imagesPerClass, members.length);
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
