import { computed, signal } from "@preact/signals";
import type { JSX } from "preact";
import { send } from "./api.ts";
import { counts, loadFolder, orShowFault } from "./store.ts";
import { runs, usable } from "./train_store.ts";

/** Whether a person hid the steps, until the page is loaded anew. */
const isHidden = signal(false);

const steps = [
  "Predict: choose a model and press This image.",
  "Correct the mask. Press A to accept it once it is correct.",
  "Train on a few accepted masks.",
  "Predict the other images with the new model, and repeat.",
] as const;

/** How many of the steps are done. */
const done = computed(() => {
  const { all, none } = counts.value;
  if (all === none) return 0;
  if (usable.value === 0) return 1;
  return runs.value.some(({ model }) => model !== null) ? 3 : 2;
});

/** What to do first, in a folder whose images no model learned from. */
export function FirstSteps(): JSX.Element | null {
  if (isHidden.value || done.value >= 3 || counts.value.all === 0) return null;
  return (
    <section class="steps" aria-labelledby="steps">
      <h2 id="steps">Four steps to your own model</h2>
      <ol>
        {steps.map((step, at) => (
          <li
            key={step}
            class={at < done.value ? "done" : ""}
            aria-current={at === done.value ? "step" : undefined}
          >
            {step}
          </li>
        ))}
      </ol>
      <button type="button" onClick={() => isHidden.value = true}>Hide</button>
    </section>
  );
}

/** What an empty folder offers. */
export function SampleOffer(): JSX.Element {
  return (
    <div class="hint">
      <p>
        This folder has no images. Put PNG, JPEG or TIFF files into it, then
        press Reload.
      </p>
      <p>Or try the studio on images of nuclei that the program draws:</p>
      <button
        type="button"
        class="primary"
        onClick={() => orShowFault(drawSamples())}
      >
        Draw sample images
      </button>
    </div>
  );
}

async function drawSamples(): Promise<void> {
  await send("/api/samples", {});
  await loadFolder();
}
