import type { JSX } from "preact";
import type { ImageChoice } from "@unet/data";
import type { ShownImage } from "../images/shown_image.ts";
import { Slider } from "./slider.tsx";
import { channel, choice, loadShown, orShowFault, shown } from "./store.ts";
import { readingWords } from "./words.ts";

/** The channels of color, as files are read. */
const colors = ["red", "green", "blue"];

/** Which plane, time point and channel of an image count. */
export function ReadingPanel(): JSX.Element | null {
  const image = shown.value;
  if (!image) return null;
  const names = image.isColor
    ? colors
    : image.channels.length > 1
    ? image.channels.map(({ name }) => name)
    : [];
  const isStack = image.planes > 1 || image.times > 1;
  if (!isStack && names.length === 0) return null;
  return (
    <section aria-labelledby="reading">
      <h2 id="reading">Plane and channel</h2>
      {image.planes > 1 && (
        <Part image={image} name="plane" count={image.planes} />
      )}
      {image.times > 1 && (
        <Part
          image={image}
          name="time"
          count={image.times}
        />
      )}
      {names.length > 0 && <Channel names={names} />}
      <p class="note">
        A prediction takes {readingWords(readingOf(image))}.
      </p>
    </section>
  );
}

/** What a prediction is asked to read. */
export function readingOf({ choice }: Pick<ShownImage, "choice">): ImageChoice {
  return {
    ...choice,
    ...(channel.value !== null && { channel: channel.value }),
  };
}

function Channel({ names }: { readonly names: readonly string[] }) {
  const chosen = channel.value, usual = "";
  const all = [...names, "max", "mean"];
  const isOther = chosen !== null && !all.includes(chosen);
  return (
    <label class="field">
      Channel
      <select
        value={chosen ?? usual}
        onChange={({ currentTarget: { value } }) =>
          channel.value = value === usual ? null : value}
      >
        <option value={usual}>As in training</option>
        {names.map((name) => <option key={name} value={name}>{name}</option>)}
        {isOther && <option value={chosen}>{chosen} (not in this file)</option>}
        <option value="max">Maximum of all</option>
        <option value="mean">Mean of all</option>
      </select>
    </label>
  );
}

interface PartProps {
  readonly image: ShownImage;
  readonly name: "plane" | "time";
  readonly count: number;
}

/** Which plane or time point is shown. */
function Part({ image, name, count }: PartProps): JSX.Element {
  return (
    <Slider
      label={name === "plane" ? "Plane" : "Time"}
      value={image.choice[name] ?? 0}
      {...{ least: 0, most: count - 1, step: 1 }}
      onInput={(value) => {
        choice.value = { ...choice.value, [name]: value };
        orShowFault(loadShown());
      }}
    />
  );
}
