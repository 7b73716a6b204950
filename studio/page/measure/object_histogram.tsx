import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { histogramBins } from "../../measure/histogram_bins.ts";
import { wordOfValue, wordsOfColumn } from "./column_words.ts";
import { column, limit, objectFilter, rows, table } from "./measure_store.ts";

const width = 260, height = 76, bottom = 14, parts = 32;

/** How the values of a column are spread; a drag over it limits them. */
export function ObjectHistogram(): JSX.Element | null {
  const svg = useRef<SVGSVGElement>(null);
  const [dragged, setDragged] = useState<readonly [number, number] | null>(
    null,
  );
  const name = column.value, values = table.value?.values.get(name);
  const all = values && histogramBins(values, parts);
  if (!all) return null;
  const taken = histogramBins(
    rows.value.map((row) => values[row]!),
    parts,
    all,
  )!;
  const most = Math.max(1, ...all.counts);
  const [least, largest] = dragged ?? objectFilter.value.ranges[name] ??
    [null, null];
  const span = all.high - all.low || 1;
  const place = (value: number) =>
    Math.min(width, Math.max(0, (value - all.low) / span * width));
  const valueAt = ({ clientX }: { readonly clientX: number }) => {
    const { left, width: across } = svg.current!.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (clientX - left) / across));
    return Number((all.low + share * span).toPrecision(4));
  };
  const left = place(least ?? all.low), right = place(largest ?? all.high);
  return (
    <figure>
      <svg
        ref={svg}
        class="histogram"
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`Histogram of ${wordsOfColumn(name)}: ${
          wordOfValue(all.low)
        } to ${wordOfValue(all.high)}`}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          const value = valueAt(event);
          setDragged([value, value]);
        }}
        onPointerMove={(event) => {
          if (dragged) setDragged([dragged[0], valueAt(event)]);
        }}
        onPointerUp={() => {
          if (!dragged) return;
          const [one, other] = dragged;
          setDragged(null);
          // A click without a way takes the limits away.
          limit(
            name,
            one === other
              ? [null, null]
              : [Math.min(one, other), Math.max(one, other)],
          );
        }}
      >
        <rect
          class="range"
          x={Math.min(left, right)}
          y={0}
          width={Math.abs(right - left)}
          height={height - bottom}
        />
        {all.counts.map((count, at) => (
          <Bar key={at} kind="all" {...{ count, most, at }} />
        ))}
        {taken.counts.map((count, at) => (
          <Bar key={at} kind="taken" {...{ count, most, at }} />
        ))}
        <path class="axis" d={`M0,${height - bottom} H${width}`} />
        <text x={0} y={height - 3}>{wordOfValue(all.low)}</text>
        <text x={width} y={height - 3} text-anchor="end">
          {wordOfValue(all.high)}
        </text>
      </svg>
    </figure>
  );
}

interface BarProps {
  readonly kind: "all" | "taken";
  readonly count: number;
  readonly most: number;
  readonly at: number;
}

function Bar({ kind, count, most, at }: BarProps): JSX.Element {
  const tall = count / most * (height - bottom - 4);
  return (
    <rect
      class={kind}
      x={at * width / parts + 0.5}
      y={height - bottom - tall}
      width={width / parts - 1}
      height={tall}
    />
  );
}
