import { computed, effect, signal, untracked } from "@preact/signals";
import {
  noFilter,
  type ObjectFilter,
  takesObject,
  type ValueRange,
} from "../../measure/object_filter.ts";
import { decodeTable, type ObjectTable } from "../../measure/table_message.ts";
import type { MeasureProgress } from "../../measure/measure_messages.ts";
import { ask } from "../api.ts";
import { editing } from "../edit/editing.ts";
import { images, shown } from "../store.ts";
import { shownColumns } from "./column_words.ts";

/** Whether the table of objects is shown. */
export const isMeasuring = signal(false);

/** The table, as far as it is known. */
export const table = signal<ObjectTable | null>(null);

/** Whether what is shown is measured anew. */
export const isBusy = signal(false);

/** How far measuring is; null before its first report. */
export const measureProgress = signal<MeasureProgress | null>(null);

/** Why there is no table; null if there is one. */
export const measureFault = signal<string | null>(null);

/** The column by which rows are sorted. */
export const sorting = signal({ column: "label", isDescending: false });

/** The column of the histogram; null for the area. */
export const chosenColumn = signal<string | null>(null);

/** Which objects are wanted. */
export const objectFilter = signal<ObjectFilter>(noFilter);

/** The number of the object that is chosen. */
export const chosenObject = signal<number | null>(null);

/** Shows the table, or hides it. */
export function toggleMeasuring(): void {
  isMeasuring.value = !isMeasuring.value;
}

/** The columns that are shown. */
export const columns = computed(() => {
  const head = table.value?.head;
  return head ? shownColumns(head.columns, head.hasMicrometers) : [];
});

/** The column that the histogram shows. */
export const column = computed(() => {
  const chosen = chosenColumn.value;
  if (chosen !== null && columns.value.includes(chosen)) return chosen;
  return columns.value.find((name) => name.startsWith("area_")) ?? "label";
});

/** The name of the class of a row; empty for none. */
export function classOfRow({ head, values }: ObjectTable, row: number): string {
  const number = values.get("class")?.[row] ?? NaN;
  return Number.isNaN(number) ? "" : head.classes?.[number] ?? "";
}

/** The rows that the filter takes, as sorted. */
export const rows = computed((): readonly number[] => {
  const known = table.value;
  if (!known) return [];
  const filter = objectFilter.value, { values } = known;
  const found: number[] = [];
  for (let row = 0; row < known.head.rows; row++) {
    const valueOf = (name: string) => values.get(name)?.[row] ?? NaN;
    if (takesObject(filter, valueOf, classOfRow(known, row))) found.push(row);
  }
  const { column, isDescending } = sorting.value;
  const keys = values.get(column);
  if (!keys) return found;
  const sign = isDescending ? -1 : 1;
  // What is not known comes last; equal values stay in the order of numbers.
  return found.sort((one, other) => {
    const a = keys[one]!, b = keys[other]!;
    if (Number.isNaN(a) || Number.isNaN(b)) {
      return Number(Number.isNaN(a)) - Number(Number.isNaN(b)) || one - other;
    }
    return sign * (a - b) || one - other;
  });
});

/** The row of the chosen object; -1 where it is not in the table. */
export const chosenRow = computed(() => {
  const labels = table.value?.values.get("label");
  const chosen = chosenObject.value;
  return chosen === null || !labels ? -1 : labels.indexOf(chosen);
});

/** Where the chosen object is, in pixels of the image; null without one. */
export const chosenBox = computed(() => {
  const row = chosenRow.value;
  if (row < 0 || !isMeasuring.value) return null;
  const { values } = table.value!;
  const [x, y, width, height] = ["x", "y", "width", "height"]
    .map((name) => values.get(`bbox_${name}_px`)![row]!);
  return { x: x!, y: y!, width: width!, height: height! };
});

/** Sorts by a column; by the same one again, the other way around. */
export function sortBy(column: string): void {
  const before = sorting.value;
  sorting.value = {
    column,
    isDescending: before.column === column && !before.isDescending,
  };
}

/** Wants objects whose value of a column is in a range. */
export function limit(column: string, range: ValueRange): void {
  const { ranges, classes } = objectFilter.value;
  const { [column]: _, ...others } = ranges;
  const [least, most] = range;
  const isOpen = least === null && most === null;
  objectFilter.value = {
    ranges: isOpen ? others : { ...others, [column]: range },
    classes,
  };
}

/** Wants objects of a class, or does not any more. */
export function toggleClass(name: string, all: readonly string[]): void {
  const { ranges, classes } = objectFilter.value;
  const before = classes ?? all;
  const after = before.includes(name)
    ? before.filter((each) => each !== name)
    : [...before, name];
  objectFilter.value = {
    ranges,
    classes: after.length === all.length ? null : after,
  };
}

/** Edits that follow one another are measured together. */
const patience = 250;

/** Keeps the table up to date with the image, its plane and its mask. */
export function followMeasurements(): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<void> | null = null, isAsked = false;
  const measure = async (): Promise<void> => {
    isAsked = true;
    // What changes in the meantime is measured afterwards.
    if (running) return await running;
    while (isAsked) {
      isAsked = false;
      running = load();
      await running;
    }
    running = null;
  };
  effect(() => {
    const image = shown.value;
    if (!isMeasuring.value || image === null) return;
    const { mask, edit, name } = editing.value ?? {};
    // Read, so that each of them measures anew.
    [name === image.name ? `${mask}-${edit}` : image.versions.mask];
    [images.value.find((each) => each.name === image.name)?.state];
    untracked(() => {
      const known = table.value;
      if (known && known.head.name !== image.name) clear();
      isBusy.value = true;
      measureProgress.value = null;
      clearTimeout(timer);
      timer = setTimeout(() => void measure(), known ? patience : 0);
    });
  });
}

function clear(): void {
  table.value = null;
  chosenObject.value = null;
}

async function load(): Promise<void> {
  const image = shown.value;
  if (!image || !isMeasuring.value) return;
  const { name, choice } = image;
  const isCurrent = () => shown.value?.name === name;
  try {
    const response = await ask("/api/measurements", { name, ...choice });
    const found = decodeTable(await response.arrayBuffer());
    if (!isCurrent()) return;
    table.value = found;
    measureFault.value = null;
  } catch (error) {
    if (!isCurrent()) return;
    clear();
    measureFault.value = error instanceof Error ? error.message : String(error);
  }
  isBusy.value = false;
}
