// @ts-check
// Writes the measured tables and figures of the docs from results/, so that no figure is typed by hand.
//
//     npm run results                                              # rebuild the docs
//     npm run results -- --check                                   # fail where the docs are not what results/ holds
//     npm run results -- --record RUNS STUDY PROFILE [KEY=VALUE]   # take over the finished runs of `reproduce`, then rebuild

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parse } from "yaml";
import { renderPlot, sectionMarkdown, studyFigure, studySections, studySummary } from "../dist/reports/index.js";
import { readRecorded, readStudy, recordResults } from "../dist/studies/index.js";
import { blocksOf, withResults } from "./results/blocks.mjs";
import { ROOT } from "./setup/paths.mjs";

const { values, positionals } = parseArgs({
  options: { record: { type: "string" }, check: { type: "boolean", default: false } },
  allowPositionals: true,
});

if (values.record !== undefined) record(values.record, positionals);
const pages = readdirSync(join(ROOT, "docs"))
  .filter((name) => name.endsWith(".md"))
  .map((name) => join("docs", name));
const stale = [];
for (const name of ["README.md", ...pages]) stale.push(...(await rebuild(name)));
for (const file of stale) console.error(values.check ? `${file} is not what results/ holds: npm run results` : file);
if (values.check && stale.length > 0) process.exitCode = 1;

/** @param {string} study @param {string} profile */
function folderOf(study, profile) {
  return join(ROOT, "results", study, profile);
}

/** @param {string} out @param {string[]} words */
function record(out, [study = "", profile = "", ...settings]) {
  const set = Object.fromEntries(
    settings.map((text) => text.split("=")).map(([key, value]) => [key, parse(value ?? "")]),
  );
  const folder = folderOf(study, profile);
  const { recorded, dropped } = recordResults(readStudy(study), { profile, out, folder, settings: set });
  console.error(`${recorded} runs of ${out} recorded in results/${study}/${profile}`);
  if (dropped > 0) console.error(`${dropped} runs of other recipes that were recorded there were dropped`);
}

/**
 * Fills a page and draws its figures; the files that were not up to date.
 * @param {string} name
 */
async function rebuild(name) {
  const text = readFileSync(join(ROOT, name), "utf8");
  const contents = new Map();
  for (const block of blocksOf(text)) contents.set(JSON.stringify(block), await contentOf(block));
  if (contents.size === 0) return [];
  const filled = formatted(
    name,
    withResults(text, (block) => contents.get(JSON.stringify(block))),
  );
  const drawings = [...contents.values()].flatMap(({ figure, svg }) =>
    figure === null ? [] : [{ file: join("docs", figure), content: svg }],
  );
  return [{ file: name, content: filled }, ...drawings].flatMap(replace);
}

/**
 * A page as the formatter leaves it.
 * @param {string} name
 * @param {string} text
 */
function formatted(name, text) {
  const biome = join(ROOT, "node_modules", "@biomejs", "biome", "bin", "biome");
  const words = [biome, "format", `--stdin-file-path=${name}`];
  const { status, stdout } = spawnSync(process.execPath, words, { cwd: ROOT, input: text, encoding: "utf8" });
  if (status !== 0) throw new Error(`biome cannot format ${name}`);
  return stdout;
}

/** @param {{ file: string, content: string }} change */
function replace({ file, content }) {
  const path = join(ROOT, file);
  if (existsSync(path) && readFileSync(path, "utf8") === content) return [];
  if (!values.check) writeFileSync(path, content);
  return [file];
}

/**
 * The tables and the drawing of a study, or of one part of its matrix.
 * @param {import("./results/blocks.mjs").Block} block
 */
async function contentOf({ shows, study, profile, part }) {
  const all = readRecorded(readStudy(study), profile, folderOf(study, profile));
  const rows = all.rows.filter(({ cell }) => part === null || cell?.part === part);
  const measured = rows.some(({ runs }) => runs.length > 0);
  const results = { ...all, rows };
  const sections = shows === "summary" ? [studySummary(results)] : studySections(results);
  const markdown = sections.flatMap((section) => [
    ...(section.heading === "" ? [] : [`### ${section.heading}`, ""]),
    ...sectionMarkdown(section),
    "",
  ]);
  const drawing = measured ? studyFigure(results) : null;
  const figure =
    drawing === null ? null : `figures/${[study, profile, ...(part === null ? [] : [part])].join("-")}.svg`;
  return {
    title: sections[0]?.heading || all.title,
    markdown: measured ? markdown.slice(0, -1) : ["Not measured yet."],
    figure,
    svg: drawing === null ? "" : await renderPlot(drawing),
  };
}
