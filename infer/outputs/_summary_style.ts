/** How the summary looks, on a screen and on paper. */
export const summaryStyle = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 70rem; margin: 0 auto; padding: 1rem; }
dl { display: flex; flex-wrap: wrap; gap: 0.5rem 2rem; }
dt { font-size: 0.875rem; }
dd { margin: 0; font-size: 1.25rem; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: 0.25rem 0.75rem; border-bottom: 1px solid #8888; text-align: left; }
thead th { position: sticky; top: 0; background: Canvas; }
tbody th { font-weight: normal; overflow-wrap: anywhere; }
.images td:nth-child(n + 3) { text-align: right; font-variant-numeric: tabular-nums; }
img { display: block; max-width: 10rem; max-height: 10rem; }
@media print {
  main { max-width: none; padding: 0; }
  thead th { position: static; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
}
`;
