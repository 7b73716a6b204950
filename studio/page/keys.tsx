import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { penKeys, toolKeys } from "./edit/edit_keys.ts";
import { toggleColorBy } from "./classes/class_store.ts";
import { toggleMeasuring } from "./measure/measure_store.ts";
import { goToNextToCorrect } from "./next_to_correct.tsx";
import {
  isHeatShown,
  isHelpShown,
  nextMaskStyle,
  orShowFault,
  step,
  toggleAccepted,
  zoom,
} from "./store.ts";

/** What a key does. */
export interface Key {
  /** The key, as the browser names it. */
  readonly key: string;
  /** What is written on it. */
  readonly words: string;
  /** What it does, for the person. */
  readonly help: string;
  /** Does it. */
  readonly act: () => void;
}

/** Every key of the page. */
export const keys: readonly Key[] = [
  { key: "j", words: "J", help: "next image", act: () => step(1) },
  {
    key: "n",
    words: "N",
    help: "next to correct: where the model is least sure",
    act: goToNextToCorrect,
  },
  { key: "k", words: "K", help: "previous image", act: () => step(-1) },
  {
    key: "m",
    words: "M",
    help: "mask as outlines, as fills, hidden",
    act: nextMaskStyle,
  },
  {
    key: "o",
    words: "O",
    help: "color objects by object or by class",
    act: toggleColorBy,
  },
  {
    key: "h",
    words: "H",
    help: "probability as a heat map",
    act: () => isHeatShown.value = !isHeatShown.value,
  },
  {
    key: "a",
    words: "A",
    help: "accept the mask, or take that back",
    act: () => orShowFault(toggleAccepted()),
  },
  {
    key: "t",
    words: "T",
    help: "table of measurements",
    act: toggleMeasuring,
  },
  ...toolKeys,
  { key: "+", words: "+", help: "zoom in", act: () => zoom.value(1.5) },
  { key: "-", words: "−", help: "zoom out", act: () => zoom.value(1 / 1.5) },
  { key: "0", words: "0", help: "whole image", act: () => zoom.value(null) },
  {
    key: "?",
    words: "?",
    help: "this list",
    act: () => isHelpShown.value = !isHelpShown.value,
  },
];

/** Listens to the keys, but where a person types. */
export function useKeys(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const { target } = event;
      const isTyped = target instanceof HTMLInputElement &&
          ["number", "text"].includes(target.type) ||
        target instanceof HTMLSelectElement;
      const found = keys.find(({ key }) => key === event.key);
      if (isTyped || !found) return;
      event.preventDefault();
      found.act();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}

/** The list of keys, in front of the page. */
export function KeyHelp(): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isHelpShown.value) dialog.current!.showModal();
    else dialog.current!.close();
  }, [isHelpShown.value]);
  return (
    <dialog
      ref={dialog}
      class="keys"
      aria-labelledby="keys"
      onClose={() => isHelpShown.value = false}
    >
      <h2 id="keys">Keys</h2>
      <dl>
        {[...keys, ...penKeys].map(({ words, help }) => (
          <div key={words}>
            <dt>
              <kbd>{words}</kbd>
            </dt>
            <dd>{help}</dd>
          </div>
        ))}
      </dl>
      <button type="button" onClick={() => isHelpShown.value = false}>
        Close
      </button>
    </dialog>
  );
}
