import type { JSX } from "preact";
import type { IntensityRange } from "@unet/data";
import type { ShownImage } from "../images/shown_image.ts";
import {
  contrast,
  maskOpacity,
  maskStyle,
  maskStyles,
  shown,
} from "./store.ts";
import { Slider } from "./slider.tsx";

const styleWords = { outlines: "Outlines", fills: "Fills", none: "Hidden" };

/** How the image and its mask are drawn. */
export function DisplayPanel(): JSX.Element {
  const image = shown.value;
  return (
    <section aria-labelledby="display">
      <h2 id="display">Display</h2>
      <fieldset class="choice">
        <legend>Mask</legend>
        {maskStyles.map((style) => (
          <label key={style}>
            <input
              type="radio"
              name="mask-style"
              checked={maskStyle.value === style}
              onChange={() => maskStyle.value = style}
            />
            {styleWords[style]}
          </label>
        ))}
      </fieldset>
      {maskStyle.value === "fills" && (
        <Slider
          label="Opacity"
          value={maskOpacity.value}
          {...{ least: 0.1, most: 1, step: 0.05 }}
          onInput={(value) => maskOpacity.value = value}
        />
      )}
      {image && <Contrast image={image} />}
      {image?.notes.map((note) => <p key={note} class="note">{note}</p>)}
    </section>
  );
}

/** The values that are black and brightest, per channel. */
function Contrast({ image }: { readonly image: ShownImage }): JSX.Element {
  const ranges = contrast.value ?? image.channels;
  const change = (at: number, range: IntensityRange) =>
    contrast.value = ranges.map(({ low, high }, each) =>
      each === at ? range : { low, high }
    );
  return (
    <>
      {image.channels.map((channel, at) => {
        const { low, high } = ranges[at]!, isHidden = low === high;
        const most = mostOf(image, channel.high);
        const step = image.depth === 32 ? most / 1000 : 1;
        return (
          <fieldset key={channel.name} class="channel">
            <legend>
              {image.channels.length === 1 ? "Contrast" : (
                <label>
                  <input
                    type="checkbox"
                    checked={!isHidden}
                    onChange={() =>
                      change(at, isHidden ? channel : { low: 0, high: 0 })}
                  />
                  {channel.name}
                </label>
              )}
            </legend>
            <Slider
              label="Black"
              value={low}
              {...{ least: Math.min(0, channel.low), most, step }}
              onInput={(value) =>
                change(at, { low: Math.min(value, high - step), high })}
            />
            <Slider
              label="White"
              value={high}
              {...{ least: Math.min(0, channel.low), most, step }}
              onInput={(value) =>
                change(at, { low, high: Math.max(value, low + step) })}
            />
          </fieldset>
        );
      })}
      {contrast.value && (
        <button
          type="button"
          onClick={() => contrast.value = null}
        >
          Reset contrast
        </button>
      )}
    </>
  );
}

/** The end of a slider: what 8 bits can be, and else twice what is there. */
function mostOf({ depth }: ShownImage, high: number): number {
  if (depth === 8) return 255;
  return depth === 16 ? Math.min(65535, 2 * high) : 2 * high;
}
