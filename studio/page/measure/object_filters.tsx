import type { JSX } from "preact";
import { noFilter, takesAll } from "../../measure/object_filter.ts";
import { wordOfValue, wordsOfColumn } from "./column_words.ts";
import {
  chosenColumn,
  column,
  columns,
  limit,
  objectFilter,
  table,
  toggleClass,
} from "./measure_store.ts";
import { ObjectHistogram } from "./object_histogram.tsx";

/** Which objects are wanted: by ranges of values, and by class. */
export function ObjectFilters(): JSX.Element {
  const name = column.value;
  const [least, most] = objectFilter.value.ranges[name] ?? [null, null];
  return (
    <>
      <label class="field">
        Column
        <select
          value={name}
          onChange={({ currentTarget }) =>
            chosenColumn.value = currentTarget.value}
        >
          {columns.value.filter((each) => each !== "class").map((each) => (
            <option key={each} value={each}>{wordsOfColumn(each)}</option>
          ))}
        </select>
      </label>
      <ObjectHistogram />
      <div class="limits">
        <Limit
          label="From"
          value={least}
          onChange={(value) => limit(name, [value, most])}
        />
        <Limit
          label="To"
          value={most}
          onChange={(value) => limit(name, [least, value])}
        />
      </div>
      <ClassFilter />
      <Limits />
    </>
  );
}

interface LimitProps {
  readonly label: string;
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}

/** One end of a range; empty for no limit. */
function Limit({ label, value, onChange }: LimitProps): JSX.Element {
  return (
    <label>
      {label}
      <input
        type="number"
        step="any"
        value={value === null ? "" : String(value)}
        onChange={({ currentTarget: { value } }) =>
          onChange(value === "" ? null : Number(value))}
      />
    </label>
  );
}

/** The classes whose objects are wanted. */
function ClassFilter(): JSX.Element | null {
  const classes = table.value?.head.classes?.slice(1);
  if (!classes) return null;
  const all = [...classes, ""], wanted = objectFilter.value.classes ?? all;
  return (
    <fieldset class="choice wrapped">
      <legend>Classes</legend>
      {all.map((name) => (
        <label key={name}>
          <input
            type="checkbox"
            checked={wanted.includes(name)}
            onChange={() => toggleClass(name, all)}
          />
          {name === "" ? "none" : name}
        </label>
      ))}
    </fieldset>
  );
}

/** What limits the objects now, to be taken away. */
function Limits(): JSX.Element | null {
  const { ranges } = objectFilter.value;
  if (takesAll(objectFilter.value)) return null;
  return (
    <div class="filters-on" role="group" aria-label="Filters">
      {Object.entries(ranges).map(([name, [least, most]]) => {
        const words = `${wordsOfColumn(name)} ${
          least === null ? "" : wordOfValue(least)
        }…${most === null ? "" : wordOfValue(most)}`;
        return (
          <button
            key={name}
            type="button"
            aria-label={`Remove ${words}`}
            onClick={() => limit(name, [null, null])}
          >
            {words} ×
          </button>
        );
      })}
      <button type="button" onClick={() => objectFilter.value = noFilter}>
        All objects
      </button>
    </div>
  );
}
