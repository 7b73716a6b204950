import { escaped, whole } from "./_html.ts";

/** One bar: the objects from one limit up to the next. */
export interface HistogramBar {
  /** The smallest value in it. */
  readonly from: number;
  /** The value that is the first in the next bar. */
  readonly to: number;
  /** Objects in it. */
  readonly count: number;
}

const width = 720, height = 240, bottom = 44, left = 56, top = 20;

/**
 * Draws a histogram as a picture in a page, and as the same numbers in a table
 * for who cannot see it. Bars are equally wide, whatever their limits.
 *
 * @param bars The bars, from small to large values, without a gap.
 * @param unit The unit of the values, as in "µm²".
 */
export function drawHistogram(
  bars: readonly HistogramBar[],
  unit: string,
): string {
  const most = Math.max(...bars.map(({ count }) => count));
  const step = (width - left) / bars.length;
  const tall = height - bottom - top;
  const drawn = bars.map(({ from, to, count }, at) => {
    const high = tall * count / most, x = left + at * step;
    return `<rect x="${round(x + 1)}" y="${round(top + tall - high)}" width="${
      round(step - 2)
    }" height="${round(high)}"><title>${
      escaped(`${limit(from)} to ${limit(to)} ${unit}: ${whole(count)}`)
    }</title></rect>`;
  });
  // As many limits as there is room for.
  const every = Math.ceil(bars.length / 12);
  const limits = [...bars.map(({ from }) => from), bars.at(-1)!.to]
    .flatMap((value, at) =>
      at % every === 0
        ? [
          `<text x="${round(left + at * step)}" y="${
            height - bottom + 18
          }" text-anchor="middle">${limit(value)}</text>`,
        ]
        : []
    );
  const rows = bars.map(({ from, to, count }) =>
    `<tr><th scope="row">${limit(from)} to ${
      limit(to)
    }</th><td class="number">${whole(count)}</td></tr>`
  );
  return `<figure>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${
    escaped(
      `Histogram of the objects' areas in ${unit}; the table below has its numbers`,
    )
  }">
<line x1="${left}" y1="${top}" x2="${width}" y2="${top}"/>
<text x="${left - 6}" y="${top + 4}" text-anchor="end">${whole(most)}</text>
<line x1="${left}" y1="${height - bottom}" x2="${width}" y2="${
    height - bottom
  }"/>
<text x="${left - 6}" y="${height - bottom + 4}" text-anchor="end">0</text>
${drawn.join("\n")}
${limits.join("\n")}
<text x="${round((left + width) / 2)}" y="${
    height - 6
  }" text-anchor="middle">area in ${escaped(unit)}</text>
</svg>
<details><summary>The numbers</summary>
<table class="sizes">
<thead><tr><th scope="col">Area in ${
    escaped(unit)
  }</th><th scope="col" class="number">Objects</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>
</details>
</figure>
`;
}

/** A limit in at most three digits that count. */
function limit(value: number): string {
  return value >= 1000
    ? whole(Math.round(Number(value.toPrecision(3))))
    : String(Number(value.toPrecision(3)));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
