import type { JSX } from "preact";
import type { Paint } from "../../masks/operation.ts";
import { ClassChoice } from "../classes/class_legend.tsx";
import { draft } from "../draft.ts";
import { Slider } from "../slider.tsx";
import { images, orShowFault, shown, toggleAccepted } from "../store.ts";
import { count } from "../words.ts";
import { edit, editing, editNote, refusal } from "./editing.ts";
import { hand } from "./pen.ts";
import {
  brushSize,
  className,
  largestSize,
  paintOf,
  paintsOver,
  polygonAs,
  tool,
  tools,
} from "./tools.ts";

/** Makes and mends the mask of the image that is shown. */
export function EditPanel(): JSX.Element {
  const image = shown.value, known = editing.value;
  const isOpen = known !== null && known.name === image?.name;
  const isTrying = draft.value !== null;
  const chosen = tools.find(({ name }) => name === tool.value)!;
  return (
    <section aria-labelledby="correct">
      <h2 id="correct">Correct</h2>
      <div class="toolbox" role="group" aria-label="Tool">
        {tools.map(({ name, label, key }) => (
          <button
            key={name}
            type="button"
            aria-pressed={tool.value === name}
            disabled={!image || isTrying}
            title={`${label} (${key.toUpperCase()})`}
            onClick={() => {
              tool.value = name;
              // The keyboard's pen is there.
              document.querySelector<HTMLElement>(".openseadragon-canvas")
                ?.focus();
            }}
          >
            {label}
          </button>
        ))}
        <button
          type="button"
          disabled={!isOpen || !known.canUndo}
          title="Undo (Ctrl+Z)"
          onClick={() => edit({ tool: "undo" })}
        >
          Undo
        </button>
        <button
          type="button"
          disabled={!isOpen || !known.canRedo}
          title="Redo (Ctrl+Shift+Z)"
          onClick={() => edit({ tool: "redo" })}
        >
          Redo
        </button>
      </div>
      <p class="note" role="status">
        {isTrying
          ? "First save or discard the sliders' preview."
          : refusal.value ?? editNote.value ?? chosen.hint}
      </p>
      {paintOf(tool.value) !== null && (
        <Slider
          label="Size"
          value={brushSize.value}
          {...{ least: 1, most: largestSize, step: 1 }}
          onInput={(value) => brushSize.value = Math.round(value)}
        />
      )}
      {tool.value === "polygon" && <Polygon />}
      {tool.value === "class" && isOpen && <Classes />}
      {paints(tool.value) && (
        <label class="check">
          <input
            type="checkbox"
            checked={paintsOver.value}
            onChange={() => paintsOver.value = !paintsOver.value}
          />
          Paint over other objects
        </label>
      )}
      {isOpen && <Ending />}
    </section>
  );
}

/** Whether a tool may spare objects, or not. */
function paints(name: typeof tool.value): boolean {
  return name === "brush" || name === "polygon" || name === "unlabeled";
}

const polygons: readonly (readonly [Paint, string])[] = [
  ["object", "Object"],
  ["unlabeled", "Unlabeled"],
  ["background", "Background"],
];

/** What a polygon becomes, and its end for those without a keyboard. */
function Polygon(): JSX.Element {
  return (
    <>
      <fieldset class="choice wrapped">
        <legend>Polygon becomes</legend>
        {polygons.map(([paint, label]) => (
          <label key={paint}>
            <input
              type="radio"
              name="polygon-as"
              checked={polygonAs.value === paint}
              onChange={() => polygonAs.value = paint}
            />
            {label}
          </label>
        ))}
      </fieldset>
      <div class="buttons">
        <button type="button" onClick={() => hand.value?.close()}>
          Close polygon
        </button>
        <button type="button" onClick={() => hand.value?.cancel()}>
          Cancel
        </button>
      </div>
    </>
  );
}

/** The class that objects get: one of those there are, or a new one. */
function Classes(): JSX.Element {
  const { classes } = editing.value!;
  return (
    <>
      <ClassChoice />
      <label class="field">
        Class
        <input
          type="text"
          list="classes"
          maxLength={64}
          value={className.value}
          onInput={({ currentTarget }) => className.value = currentTarget.value}
        />
      </label>
      <datalist id="classes">
        {classes.map(({ name }) => <option key={name} value={name} />)}
      </datalist>
    </>
  );
}

/** What ends the work on a mask. */
function Ending(): JSX.Element {
  const { objects, note } = editing.value!;
  const state = images.value.find(({ name }) => name === editing.value!.name)
    ?.state;
  return (
    <>
      <p class="note">{count(objects, "object")}. {note}</p>
      <div class="buttons">
        <button
          type="button"
          class="primary"
          disabled={state === undefined || state === "none"}
          onClick={() => orShowFault(toggleAccepted())}
        >
          {state === "accepted" ? "Reopen" : "Accept"}
        </button>
      </div>
      <fieldset class="rest">
        <legend>Mark everything outside objects as</legend>
        <button
          type="button"
          onClick={() => edit({ tool: "rest", as: "unlabeled" })}
        >
          Unlabeled
        </button>
        <button
          type="button"
          onClick={() => edit({ tool: "rest", as: "background" })}
        >
          Background
        </button>
      </fieldset>
    </>
  );
}
