/** How the summary looks, on a screen and on paper, in light and in dark. */
export const summaryStyle = `
:root {
  color-scheme: light dark;
  font: 16px/1.5 system-ui, sans-serif;
  --line: #0003; --quiet: #595959; --bar: #1d5fa8; --card: #f3f4f6;
}
@media (prefers-color-scheme: dark) {
  :root { --line: #fff3; --quiet: #b4b4b4; --bar: #7db4f0; --card: #2a2c30; }
}
body { margin: 0; }
main { max-width: 76rem; margin: 0 auto; padding: 1rem; }
h1 { margin: 0.5rem 0 1rem; line-height: 1.2; }
h2 { margin: 2rem 0 0.5rem; }
.totals { display: flex; flex-wrap: wrap; gap: 0.75rem; margin: 0 0 1rem; }
.totals div { background: var(--card); border-radius: 0.5rem; padding: 0.5rem 1rem; }
.totals dd { font-size: 1.5rem; font-variant-numeric: tabular-nums; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 0.25rem 1.5rem; margin: 0; }
.facts div { display: contents; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; min-width: 0; }
code { font: 0.9em/1.5 ui-monospace, monospace; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: 0.25rem 0.75rem; border-bottom: 1px solid var(--line); text-align: left; }
thead th { position: sticky; top: 0; background: Canvas; vertical-align: bottom; }
tbody th { font-weight: normal; overflow-wrap: anywhere; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.images td:first-child { width: 10rem; }
img { display: block; max-width: 10rem; height: auto; background: var(--card); }
a:focus-visible { outline: 3px solid var(--bar); outline-offset: 2px; }
figure { margin: 0; }
figcaption, .note { color: var(--quiet); }
svg { display: block; width: 100%; max-width: 44rem; height: auto; }
svg text { fill: currentColor; font-size: 12px; }
svg rect { fill: var(--bar); }
svg line { stroke: var(--line); }
summary { cursor: pointer; padding: 0.25rem 0; }
.sizes { max-width: 30rem; }
.swatch { display: inline-block; width: 0.8em; height: 0.8em; margin-right: 0.5em; border: 1px solid var(--line); print-color-adjust: exact; }
@media (max-width: 40rem) {
  .facts { grid-template-columns: 1fr; gap: 0 0; }
  .facts dd { margin-bottom: 0.5rem; }
  th, td { padding: 0.25rem 0.4rem; }
  .images td:first-child, img { width: 5rem; }
}
@media print {
  main { max-width: none; padding: 0; }
  thead th { position: static; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
}
`;
