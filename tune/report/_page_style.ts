/**
 * How the page looks, on a screen and on paper. The colors are those of Okabe
 * and Ito, which color-blind people distinguish.
 */
export const pageStyle = `
:root {
  color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif;
  --paper: #fff; --ink: #1c1c1c; --dim: #595959; --rule: #8c8c8c; --grid: #e4e4e4;
  --blue: #0072b2; --orange: #d55e00; --purple: #9a4d7f; --green: #00795a; --best: #fbeee2;
  --q0: #ccd6df; --q1: #aec2d4; --q2: #8faecb; --q3: #6f98be; --q4: #4b80ae; --q5: #2a659b; --q6: #0b4a82;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16181a; --ink: #ececec; --dim: #b4b4b4; --rule: #8a8a8a; --grid: #34383c;
    --blue: #56b4e9; --orange: #f0a030; --purple: #d792bb; --green: #2fbf95; --best: #3a2d18;
    --q0: #36424d; --q1: #425567; --q2: #4c6985; --q3: #5a80a6; --q4: #6f9ac8; --q5: #92bde8; --q6: #c4e0ff;
  }
}
@media print {
  :root {
    color-scheme: light; --paper: #fff; --ink: #000; --dim: #444; --rule: #777; --grid: #ddd;
    --blue: #0072b2; --orange: #d55e00; --purple: #9a4d7f; --green: #00795a; --best: #fbeee2;
    --q0: #ccd6df; --q1: #aec2d4; --q2: #8faecb; --q3: #6f98be; --q4: #4b80ae; --q5: #2a659b; --q6: #0b4a82;
  }
}
body { margin: 0; background: var(--paper); color: var(--ink); }
main { max-width: 68rem; overflow-wrap: anywhere; margin: 0 auto; padding: 1rem 1.25rem 3rem; }
h1 { margin: 0.5rem 0 0; line-height: 1.2; }
h2 { margin: 2.5rem 0 0.25rem; font-size: 1.25rem; }
h3 { margin: 1rem 0 0; font-size: 1rem; }
p { margin: 0.25rem 0 0.75rem; max-width: 46rem; }
.note, figcaption, caption { color: var(--dim); font-size: 0.875rem; }
a { color: var(--blue); }
dl { display: flex; flex-wrap: wrap; gap: 0.75rem 2rem; margin: 1rem 0; }
dt { font-size: 0.875rem; color: var(--dim); }
dd { margin: 0; font-size: 1.125rem; }
.best-box { background: var(--best); border-left: 4px solid var(--orange); padding: 0.5rem 1rem; }
.best-box dl { margin: 0.5rem 0; }
.best-box h2 { margin: 0; }
.best-box .value { font-size: 1.75rem; font-weight: 600; line-height: 1.2; }
figure { margin: 0.5rem 0 1rem; }
.scroll { overflow-x: auto; }
.scroll > svg { display: block; width: 100%; min-width: 40rem; }
.scroll > svg.small { max-width: 44rem; min-width: 26rem; }
.slices { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(17rem, 100%), 1fr)); gap: 0.5rem; }
.slices svg { display: block; width: 100%; max-width: 24rem; }
svg text { font: 12px system-ui, sans-serif; fill: var(--ink); }
svg .name { font-weight: 600; }
svg .halo { stroke: var(--paper); stroke-width: 3.5; stroke-linejoin: round; paint-order: stroke; }
svg path { fill: none; stroke-linejoin: round; }
.grid { stroke: var(--grid); }
.rule { stroke: var(--rule); }
.complete { stroke: var(--blue); stroke-width: 7; stroke-linecap: round; }
.pruned { stroke: var(--purple); stroke-width: 1.5; }
.failed { stroke: var(--ink); stroke-width: 1.75; }
.running { stroke: var(--green); stroke-width: 1.75; }
.best { stroke: var(--orange); stroke-width: 2.5; }
.front, .front path { fill: var(--orange); stroke: var(--orange); }
.best-line { stroke: var(--orange); stroke-width: 2.5; }
.line { stroke-width: 1.25; }
.curve { stroke-width: 1.25; stroke-opacity: 0.75; }
.complete-line { stroke: var(--blue); }
.pruned-line { stroke: var(--purple); stroke-dasharray: 5 3; }
.running-line { stroke: var(--green); stroke-dasharray: 1 3; stroke-width: 2; }
.failed-line { stroke: var(--dim); stroke-dasharray: 2 3; }
.bar { fill: var(--blue); }
.q0 { --shade: var(--q0); } .q1 { --shade: var(--q1); } .q2 { --shade: var(--q2); }
.q3 { --shade: var(--q3); } .q4 { --shade: var(--q4); } .q5 { --shade: var(--q5); } .q6 { --shade: var(--q6); }
.line { stroke: var(--shade); }
.dot { stroke: var(--shade); stroke-width: 6.5; stroke-linecap: round; }
.many.dot { stroke-width: 3; } .many.complete { stroke-width: 4; }
.many .line { stroke-width: 0.75; stroke-opacity: 0.6; }
.many.pruned { stroke-width: 0.75; }
table { border-collapse: collapse; overflow-wrap: break-word; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: 0.25rem 0; }
th, td { padding: 0.2rem 0.6rem; border-bottom: 1px solid var(--grid); text-align: left; white-space: nowrap; }
thead th { border-bottom-color: var(--rule); }
tbody th { font-weight: 400; text-align: right; }
.number { text-align: right; }
.best-row { background: var(--best); }
.best-row th, .best-row td { font-weight: 600; }
@media print {
  main { max-width: none; padding: 0; }
  figure, .best-box, tr { break-inside: avoid; }
  h2, h3, .note, caption { break-after: avoid; }
  .slices { grid-template-columns: repeat(3, 1fr); }
  .slices svg { break-inside: avoid; }
  thead { display: table-header-group; }
  .scroll { overflow: visible; }
  .scroll > svg { min-width: 0; }
  table { font-size: 0.7rem; }
  th, td { padding: 0.1rem 0.35rem; white-space: normal; }
  .number { white-space: nowrap; }
  .best-box, .best-row, svg { print-color-adjust: exact; }
}
`;
