import { computed, signal } from "@preact/signals";
import type { JSX } from "preact";
import type { ObjectSettings } from "@unet/app/object-options";
import { send } from "./api.ts";
import { draft, found, isTooLarge, readAhead } from "./draft.ts";
import { JobPanel } from "./job_panel.tsx";
import { readingOf } from "./reading_panel.tsx";
import { Slider } from "./slider.tsx";
import {
  counts,
  images,
  isHeatShown,
  job,
  model,
  models,
  orShowFault,
  prediction,
  shown,
} from "./store.ts";
import { count, modelWords, readingWords } from "./words.ts";

/** How large objects are, as a person says it. */
const diameter = signal<"usual" | "off" | number>("usual");

/** The median diameter that is offered first. */
const usualDiameter = 20;

/** Chooses a model, runs it, and decides what is an object. */
export function PredictPanel(): JSX.Element {
  const image = shown.value;
  const isRunning = job.value?.state === "running";
  const replaceable = counts.value.none + counts.value.predicted;
  const state = images.value.find(({ name }) => name === image?.name)?.state;
  const isPersons = state === "corrected" || state === "accepted";
  return (
    <section aria-labelledby="predict">
      <h2 id="predict">Predict</h2>
      <label class="field">
        Model
        <select
          value={model.value ?? ""}
          onChange={({ currentTarget }) => model.value = currentTarget.value}
        >
          {models.value.map((name) => (
            <option key={name} value={name}>{modelWords(name)}</option>
          ))}
        </select>
      </label>
      <Diameter />
      <div class="buttons">
        <button
          type="button"
          class="primary"
          disabled={!image || isRunning || isPersons}
          onClick={() => predict(image!.name)}
        >
          This image
        </button>
        <button
          type="button"
          disabled={isRunning || replaceable === 0}
          onClick={() => predict(undefined)}
        >
          {replaceable === 1
            ? "All images (1)"
            : `All ${count(replaceable, "image")}`}
        </button>
      </div>
      <p class="note">
        {chosenSettings.value === null
          ? "Objects are found with the settings of the model's card."
          : `Objects are found by the sliders, in all images: ${
            settingsWords(chosenSettings.value)
          }.`}
      </p>
      {isPersons && (
        <p class="note">
          The mask of this image is {state}: a prediction does not replace it.
        </p>
      )}
      <JobPanel />
      {prediction.value && <Objects isLocked={isPersons || isRunning} />}
    </section>
  );
}

/**
 * What is an object, where a person chose that by the sliders: those of the
 * image that is shown. Null where the model's card decides, for each image by
 * the size of its objects.
 */
const chosenSettings = computed((): ObjectSettings | null => {
  if (draft.value) return draft.value;
  const known = prediction.value;
  if (!known || known.model !== model.value) return null;
  const { saved, settings } = known;
  const isChosen = sliders.some(([name]) => saved[name] !== settings[name]);
  return isChosen ? saved : null;
});

/** What the sliders say, for the person. */
function settingsWords(settings: ObjectSettings): string {
  return sliders.map(([name, label]) =>
    `${label.toLowerCase()} ${Number(settings[name].toPrecision(5))}`
  ).join(", ");
}

function predict(name: string | undefined): Promise<void> {
  return orShowFault(
    send("/api/predict", {
      ...(name !== undefined && { name }),
      model: model.value,
      ...(diameter.value !== "usual" && { diameter: diameter.value }),
      ...(shown.value && { reading: readingOf(shown.value) }),
      ...(chosenSettings.value && { settings: chosenSettings.value }),
    }),
  );
}

/** How large objects are, for models that learned another size. */
function Diameter(): JSX.Element {
  const value = diameter.value;
  return (
    <>
      <label class="field">
        Object size
        <select
          value={typeof value === "number" ? "set" : value}
          onChange={({ currentTarget: { value } }) =>
            diameter.value = value === "set"
              ? usualDiameter
              : value as "usual" | "off"}
        >
          <option value="usual">Automatic</option>
          <option value="off">As in training</option>
          <option value="set">Diameter in pixels</option>
        </select>
      </label>
      {typeof value === "number" && (
        <Slider
          label="Diameter"
          value={value}
          {...{ least: 4, most: 200, step: 1 }}
          onInput={(value) => diameter.value = value}
        />
      )}
    </>
  );
}

const sliders: readonly (readonly [
  name: keyof ObjectSettings,
  label: string,
  most: number,
  step: number,
])[] = [
  ["threshold", "Threshold", 1, 0.01],
  ["minimalArea", "Min. area", 500, 1],
  ["maximalHole", "Fill holes", 500, 1],
  ["depth", "Split depth", 5, 0.05],
];

/** What the prediction was made of, and whether that is what is shown. */
function predictedWords(): string {
  const { reading = {} } = prediction.value!, choice = shown.value?.choice;
  const { plane = 0, time = 0 } = reading;
  const isOther = choice !== undefined &&
    (plane !== (choice.plane ?? 0) || time !== (choice.time ?? 0));
  return `Predicted from ${readingWords(reading)}.` +
    (isOther ? " Another plane or time is shown." : "");
}

/** What is an object: sliders that redraw at once. */
function Objects({ isLocked }: { readonly isLocked: boolean }): JSX.Element {
  const { saved } = prediction.value!;
  const settings = draft.value ?? saved;
  return (
    <fieldset
      class="objects"
      onPointerEnter={readAhead}
      onFocusCapture={readAhead}
    >
      <legend>Objects of {modelWords(prediction.value!.model)}</legend>
      <p class="note">{predictedWords()}</p>
      {sliders.map(([name, label, most, step]) => (
        <Slider
          key={name}
          {...{ label, most, step, least: 0, value: settings[name] }}
          onInput={(value) => draft.value = { ...settings, [name]: value }}
        />
      ))}
      <label class="check">
        <input
          type="checkbox"
          checked={isHeatShown.value}
          onChange={() => isHeatShown.value = !isHeatShown.value}
        />
        Probability as a heat map
      </label>
      {draft.value && (
        <>
          <p class="note" role="status">
            {isTooLarge.value
              ? "Zoom in to see what changes."
              : found.value
              ? count(found.value.objects, "object")
              : "Looking …"}
          </p>
          <div class="buttons">
            <button
              type="button"
              class="primary"
              disabled={isLocked}
              onClick={() =>
                orShowFault(
                  send("/api/save", { name: shown.value!.name, settings }),
                )}
            >
              Save
            </button>
            <button type="button" onClick={() => draft.value = null}>
              Discard
            </button>
          </div>
        </>
      )}
    </fieldset>
  );
}
