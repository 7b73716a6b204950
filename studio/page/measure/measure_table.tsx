import type { JSX } from "preact";
import { useVisibleRows } from "../visible_rows.ts";
import { wordOfValue, wordsOfColumn } from "./column_words.ts";
import {
  chosenObject,
  chosenRow,
  classOfRow,
  columns,
  rows,
  sortBy,
  sorting,
  table,
} from "./measure_store.ts";

/** The height of a row, in pixels. */
const height = 26;

/** Rows beyond the visible ones, so that scrolling shows no gaps. */
const spare = 8;

/** The objects of the mask, of which only the visible rows exist. */
export function MeasureTable(): JSX.Element {
  const shown = rows.value, chosen = shown.indexOf(chosenRow.value);
  const { box, look, first, end, visible } = useVisibleRows({
    ...{ count: shown.length, height, chosen, spare },
    // The names of the columns cover the first row.
    covered: height,
  });
  const page = Math.max(1, Math.floor(visible / height) - 2);
  return (
    <div class="objects-table" ref={box} onScroll={look}>
      <div
        role="grid"
        aria-label="Objects of the mask"
        aria-rowcount={shown.length + 1}
        aria-colcount={columns.value.length}
        aria-activedescendant={chosen >= first && chosen < end
          ? `object-${chosen}`
          : undefined}
        tabIndex={0}
        onKeyDown={(event) => {
          const to = targetOf(event.key, chosen, page);
          if (to === null || shown.length === 0) return;
          event.preventDefault();
          event.stopPropagation();
          choose(shown[Math.min(shown.length - 1, Math.max(0, to))]!);
        }}
      >
        <Head />
        <div
          role="rowgroup"
          class="body"
          style={{ height: `${shown.length * height}px` }}
        >
          {shown.slice(first, end).map((row, at) => (
            <Row key={row} row={row} at={first + at} />
          ))}
        </div>
      </div>
    </div>
  );
}

/** The row that a key leads to; null for another key. */
function targetOf(key: string, from: number, page: number): number | null {
  switch (key) {
    case "ArrowDown":
      return from + 1;
    case "ArrowUp":
      return from - 1;
    case "PageDown":
      return from + page;
    case "PageUp":
      return from - page;
    case "Home":
      return 0;
    case "End":
      return Infinity;
    default:
      return null;
  }
}

/** Chooses the object of a row, which the picture then shows. */
function choose(row: number): void {
  chosenObject.value = table.value!.values.get("label")![row]!;
}

/** The names of the columns, by which rows are sorted. */
function Head(): JSX.Element {
  const { column, isDescending } = sorting.value;
  return (
    <div role="rowgroup" class="head">
      <div role="row" aria-rowindex={1}>
        {columns.value.map((name) => (
          <div
            key={name}
            role="columnheader"
            aria-sort={name !== column
              ? "none"
              : isDescending
              ? "descending"
              : "ascending"}
          >
            <button type="button" onClick={() => sortBy(name)}>
              {wordsOfColumn(name)}
              {name === column && (isDescending ? " ▾" : " ▴")}
            </button>
          </div>
        ))}
      </div>
    </div>
  );
}

function Row(
  { row, at }: { readonly row: number; readonly at: number },
): JSX.Element {
  const known = table.value!;
  return (
    <div
      role="row"
      id={`object-${at}`}
      aria-rowindex={at + 2}
      aria-selected={row === chosenRow.value}
      style={{ top: `${at * height}px`, height: `${height}px` }}
      onClick={() => choose(row)}
    >
      {columns.value.map((name) => (
        <div key={name} role="gridcell">
          {name === "class"
            ? classOfRow(known, row)
            : wordOfValue(known.values.get(name)?.[row] ?? NaN)}
        </div>
      ))}
    </div>
  );
}
