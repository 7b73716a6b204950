import type { JSX } from "preact";
import type { ObjectFormat } from "@unet/infer/write-objects";
import { takesAll } from "../../measure/object_filter.ts";
import { DownloadLink } from "../download_link.tsx";
import { draft } from "../draft.ts";
import { shown } from "../store.ts";
import { count } from "../words.ts";
import {
  isBusy,
  isMeasuring,
  measureFault,
  measureProgress,
  objectFilter,
  rows,
  table,
} from "./measure_store.ts";
import { MeasureTable } from "./measure_table.tsx";
import { ObjectFilters } from "./object_filters.tsx";
import { WholeFolder } from "./whole_folder.tsx";

/** The objects of the mask that is shown, as numbers. */
export function MeasurePanel(): JSX.Element | null {
  if (!isMeasuring.value) return null;
  return (
    <section class="measure" aria-label="Measurements">
      {table.value ? <MeasureTable /> : (
        <p class="hint">
          {measureFault.value ??
            (shown.value ? measuringWords() : "No image is chosen.")}
        </p>
      )}
      <div class="measure-side">
        <p class="note" role="status">{statusOf()}</p>
        {draft.value && (
          <p class="note">
            The sliders are not saved: the table shows the saved mask.
          </p>
        )}
        {table.value && <ObjectFilters />}
        {table.value && <Downloads />}
        <WholeFolder />
      </div>
    </section>
  );
}

/** What the table is of, in words. */
function statusOf(): string {
  const known = table.value;
  if (!known) return "";
  const { head } = known, wanted = rows.value.length;
  const { plane, time } = head.choice;
  const objects = takesAll(objectFilter.value)
    ? count(head.rows, "object")
    : `${wanted.toLocaleString("en")} of ${count(head.rows, "object")}`;
  const part = [
    ...(plane === undefined ? [] : [`plane ${plane}`]),
    ...(time === undefined ? [] : [`time ${time}`]),
  ].join(", ");
  return `${objects} of the mask that is ${head.source.words}` +
    `${part === "" ? "" : `, measured in ${part}`}.` +
    (isBusy.value ? ` ${measuringWords()}` : "");
}

/** Few objects are measured at once; of many, the page says how many are. */
function measuringWords(): string {
  const { done, total } = measureProgress.value ?? { done: 0, total: 0 };
  return total < manyObjects
    ? "Measuring …"
    : `Measuring: ${done.toLocaleString("en")} of ${count(total, "object")} …`;
}

const manyObjects = 5000;

const formats: Readonly<Record<ObjectFormat, readonly [string, string]>> = {
  csv: ["CSV", "A table, for spreadsheets"],
  geojson: ["GeoJSON", "Outlines with measurements, for QuPath"],
  roi: ["ROI zip", "Outlines, for ImageJ and Fiji"],
  coco: ["COCO", "Masks as COCO JSON"],
};

/** Files of the objects that are listed. */
function Downloads(): JSX.Element {
  const { head } = table.value!, filter = objectFilter.value;
  const isAll = takesAll(filter);
  return (
    <fieldset class="downloads">
      <legend>
        Download {isAll ? "all objects" : count(rows.value.length, "object")}
      </legend>
      <div class="buttons">
        {Object.entries(formats).map(([format, [words, title]]) => (
          <DownloadLink
            key={format}
            title={title}
            path="/api/measurements/file"
            query={{
              ...{ name: head.name, ...head.choice, format },
              ...(!isAll && { filter: JSON.stringify(filter) }),
            }}
          >
            {words}
          </DownloadLink>
        ))}
      </div>
    </fieldset>
  );
}
