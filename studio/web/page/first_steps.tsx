/**
 * What takes the place of the studio's `first_steps.tsx`.
 *
 * @module
 */
import type { JSX } from "preact";
import { OpenButton } from "./open_button.tsx";

/** Nothing: the page says what to do while it has no image. */
export function FirstSteps(): null {
  return null;
}

/** What the page offers while it has no image. */
export function SampleOffer(): JSX.Element {
  return (
    <div class="hint">
      <p>
        Drop images here, or open them: PNG, JPEG, TIFF, OME-TIFF, or a zip of
        them. Nuclei are found at once.
      </p>
      <OpenButton isPrimary />
      <p>
        Images never leave your computer: the page makes no connection after it
        has loaded.
      </p>
    </div>
  );
}
