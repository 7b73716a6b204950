import type { JSX } from "preact";
import { editing } from "../edit/editing.ts";
import { className, tool } from "../edit/tools.ts";
import { images, maskStyle } from "../store.ts";
import {
  colorBy,
  hiddenClasses,
  shownClasses,
  toggleColorBy,
  toggleShown,
  wordsOfClass,
} from "./class_store.ts";
import { noClass, type ObjectClasses } from "./object_classes.ts";

/** The classes of the mask: their colors, names and counts; a click hides one. */
export function ClassLegend(): JSX.Element | null {
  const classes = shownClasses.value;
  if (!classes || maskStyle.value === "none") return null;
  const isMap = classes.kind === "map";
  return (
    <div class="legend" role="group" aria-label="Classes">
      {!isMap && (
        <button
          type="button"
          class="color-by"
          title="Color by object or by class (O)"
          onClick={toggleColorBy}
        >
          Colored by {colorBy.value}
        </button>
      )}
      {entriesOf(classes).map(([name, count]) => (
        <button
          key={name}
          type="button"
          aria-pressed={!hiddenClasses.value.has(name)}
          title={`${hiddenClasses.value.has(name) ? "Show" : "Hide"} ${
            wordsOfClass(name)
          }`}
          onClick={() => toggleShown(name)}
        >
          <Swatch color={classes.colorOf(name)} />
          <span class="name">{wordsOfClass(name)}</span>
          {count !== null && <span class="number">{count}</span>}
        </button>
      ))}
    </div>
  );
}

/** Each class and how many objects have it; null where that is not known. */
function entriesOf(classes: ObjectClasses): [string, number | null][] {
  if (classes.kind === "map") return classes.names.map((name) => [name, null]);
  const counts = classes.counts();
  const own = editing.value?.name === classes.image ? editing.value : null;
  const listed = images.value.find(({ name }) => name === classes.image);
  const all = own?.objects ?? listed?.objects ?? null;
  const classed = counts.values().reduce((sum, count) => sum + count, 0);
  const others = all === null ? null : Math.max(0, all - classed);
  return [...counts, ...(others === 0 ? [] : [[noClass, others] as const])]
    .map(([name, count]) => [name, count]);
}

/** The classes to choose from, for the tool that gives objects theirs. */
export function ClassChoice(): JSX.Element | null {
  const classes = shownClasses.value;
  if (!classes || tool.value !== "class") return null;
  return (
    <div class="classes" role="group" aria-label="Choose a class">
      {[...classes.names, noClass].map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={className.value === name}
          onClick={() => className.value = name}
        >
          <Swatch color={classes.colorOf(name)} />
          {wordsOfClass(name)}
        </button>
      ))}
    </div>
  );
}

/** A color; what it stands for is written beside it. */
function Swatch({ color }: { readonly color: readonly number[] }): JSX.Element {
  return (
    <span
      class="swatch"
      aria-hidden="true"
      style={{ background: `rgb(${color.join(" ")})` }}
    />
  );
}
