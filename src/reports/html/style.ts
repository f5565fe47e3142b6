// The style sheet of all reports: light and dark, wide and narrow, screen and paper; no external resources.
// Curves use Okabe and Ito's colors for color-blind readers (2008), darkened or lightened to a contrast of 3:1.

export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f6f3; --card: #ffffff; --ink: #1c2127; --soft: #59626d; --line: #e2e2dc; --hint: #f0f4f8;
  --blue: #0072b2; --vermillion: #d55e00; --green: #00875f; --purple: #a8558a; --orange: #b87a00; --sky: #2b8cc4;
  --heat: #005a8f; --on-heat: #ffffff;
  --test: var(--blue); --given: var(--vermillion); --true: var(--green); --validation: var(--purple); --rate: var(--soft);
  --run-1: var(--vermillion); --run-2: var(--blue); --run-3: var(--green);
  --run-4: var(--purple); --run-5: var(--orange); --run-6: var(--sky);
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171b; --card: #1c2025; --ink: #e8eaed; --soft: #a3acb7; --line: #30363d; --hint: #232a32;
    --blue: #5aa9e6; --vermillion: #f58a4b; --green: #35c295; --purple: #d993c0; --orange: #e6b04a; --sky: #8fd0f5;
    --heat: #2a6fae;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif;
}
main { max-width: 1200px; margin: 0 auto; padding: 48px 24px 64px; }
h1 { margin: 0; font-size: 32px; line-height: 1.2; letter-spacing: -0.015em; text-wrap: balance; }
h2 { margin: 56px 0 16px; font-size: 20px; line-height: 1.3; letter-spacing: -0.005em; }
.facts { margin: 8px 0 0; color: var(--soft); }
.description { max-width: 44em; margin: 24px 0 0; font-size: 19px; line-height: 1.5; text-wrap: pretty; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); gap: 16px; margin: 32px 0 0; }
.tile, figure, .table { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.tile { display: flex; flex-direction: column; padding: 16px 20px 18px; }
.tile dt { font-size: 14px; color: var(--soft); }
.tile dd { margin: 0; }
.tile .figure { font-size: 29px; line-height: 1.35; white-space: nowrap; font-weight: 600; letter-spacing: -0.02em; }
.tile .note { font-size: 14px; color: var(--soft); }
.plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 460px), 1fr)); column-gap: 16px; }
.plots.whole { grid-template-columns: 1fr; }
figure { display: grid; grid-row: span 3; grid-template-rows: subgrid; margin: 0 0 16px; padding: 20px 20px 16px; min-width: 0; }
figcaption h3 { margin: 0; font-size: 16px; line-height: 1.4; }
figcaption p { margin: 2px 0 0; font-size: 14px; color: var(--soft); text-wrap: pretty; }
.legend { display: flex; flex-wrap: wrap; align-content: start; gap: 4px 20px; margin: 12px 0 14px; padding: 0; list-style: none; font-size: 14px; }
.legend li { display: flex; align-items: center; gap: 8px; }
.legend svg { flex: none; }
.legend b { font-weight: 600; font-variant-numeric: tabular-nums; }
.ramp { display: flex; align-items: center; gap: 8px; color: var(--soft); }
.ramp i { width: 72px; height: 12px; border-radius: 3px; border: 1px solid var(--line); background: linear-gradient(to right, transparent, var(--heat)); }
.plot { overflow-x: auto; }
.plot svg { display: block; width: 100%; height: auto; }
.table { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 14px; line-height: 1.4; font-variant-numeric: tabular-nums; }
th, td { padding: 9px 20px; text-align: left; border-top: 1px solid var(--line); }
tr:first-child > th, tr:first-child > td { border-top: 0; }
tbody tr:first-child > th, tbody tr:first-child > td { border-top: 1px solid var(--line); }
table.bare tbody tr:first-child > * { border-top: 0; }
thead th { font-weight: 600; vertical-align: bottom; }
tbody th { font-weight: 400; color: var(--soft); }
.numbers th, .numbers td { padding-inline: 12px; }
.numbers :is(th, td):first-child { padding-left: 20px; }
.numbers :is(th, td):last-child { padding-right: 20px; }
.numbers td, .numbers thead th + th { text-align: right; }
.numbers td { white-space: nowrap; }
.numbers b { font-weight: 650; }
.scores { font-size: 13.5px; }
.scores :is(th, td) { padding: 8px 0 8px 8px; }
.scores :is(th, td):first-child { padding-left: 0; }
.scores :is(th, td):last-child { padding-right: 0; }
.scores tbody th { min-width: 7.5em; }
.recipe td, .recipe tbody th { vertical-align: top; }
.recipe tbody th { width: 18em; }
.recipe td { overflow-wrap: anywhere; font-family: ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; font-size: 13px; }
.bars td { width: 24%; min-width: 9.5em; }
.bars td:nth-child(2) { width: auto; min-width: 0; }
.bar { float: left; width: calc(100% - 4.5em); height: 10px; margin-top: 5px; }
.bar i { display: block; height: 100%; min-width: 1px; border-radius: 2px; }
.label-issues td { white-space: nowrap; }
.label-issues .file { min-width: 14em; white-space: normal; overflow-wrap: anywhere; }
.pairs { align-self: start; }
.pairs :is(th, td) { padding: 7px 0; }
.pairs tbody tr:first-child > * { border-top: 0; }
.pairs tbody th { color: var(--ink); overflow-wrap: anywhere; }
.pairs td { width: 45%; min-width: 9em; padding-left: 12px; text-align: right; white-space: nowrap; }
.lead { max-width: 52em; margin: -6px 0 16px; color: var(--soft); text-wrap: pretty; }
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(118px, 1fr)); gap: 12px; margin: 0; padding: 0; list-style: none; font-size: 14px; line-height: 1.4; }
.gallery li { min-width: 0; padding: 8px 8px 9px; background: var(--card); border: 1px solid var(--line); border-radius: 10px; overflow-wrap: anywhere; }
.gallery img { display: block; width: 100%; aspect-ratio: 1; object-fit: contain; border-radius: 5px; background: var(--page); }
.gallery p { margin: 6px 0 0; }
.gallery :is(s, b) { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
.gallery s { color: var(--soft); }
.gallery b { font-weight: 600; }
.gallery .note { margin: 0; font-size: 12.5px; color: var(--soft); font-variant-numeric: tabular-nums; }
.gallery .file { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.groups { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 260px), 1fr)); grid-auto-flow: dense; gap: 12px; }
.group { min-width: 0; padding: 12px 12px 14px; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.group .gallery { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 8px; }
.group.large { grid-column: span 2; }
.group.large .gallery { grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 8px; }
.group .gallery li { padding: 0; border: 0; border-radius: 0; }
.group > .note { margin: 10px 0 0; font-size: 13.5px; color: var(--soft); overflow-wrap: anywhere; }
.gallery + h3, .note-below + h3 { margin-top: 24px; }
section > h3 { margin: 0 0 10px; font-size: 16px; line-height: 1.4; }
.kinds :is(td, thead th):nth-child(2) { width: 7em; text-align: right; }
.kinds tbody th { color: var(--ink); white-space: nowrap; }
.attacked { grid-template-columns: repeat(auto-fill, minmax(270px, 1fr)); }
.triple { display: grid; grid-template-columns: repeat(3, 1fr); gap: 4px; }
.attacks :is(td, thead th):is(:nth-child(2), :nth-child(3)) { text-align: left; }
.component > * { border-top: 0; padding-top: 0; color: var(--soft); }
.table + .lead, .plots + .lead { margin-top: 20px; }
.pixelated { image-rendering: pixelated; }
.correct { color: var(--green); }
.wrong { color: var(--vermillion); }
.differs > * { background: var(--hint); }
.note-below { margin: 10px 0 0; font-size: 14px; color: var(--soft); }
@media (max-width: 600px) {
  main { padding: 28px 16px 48px; }
  h1 { font-size: 26px; }
  .description { font-size: 17px; }
  .tiles { grid-template-columns: 1fr 1fr; gap: 12px; }
  .tile { padding: 12px 14px 14px; }
  .tile .figure { font-size: 24px; }
  figure { padding: 16px 12px 12px; }
  th, td { padding: 8px 12px; }
  .dense svg { width: 520px; }
  .recipe tbody th { width: auto; }
  .gallery { grid-template-columns: repeat(auto-fill, minmax(104px, 1fr)); gap: 8px; }
  .group.large { grid-column: auto; }
}
@media print {
  :root { --page: #fff; }
  main { max-width: none; padding: 0; }
  * { print-color-adjust: exact; }
  figure, .tile, tr, .gallery li { break-inside: avoid; }
  .plots { grid-template-columns: 1fr 1fr; }
  .plots:has(.dense) { grid-template-columns: 1fr; }
}
`;
