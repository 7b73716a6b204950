import type { JSX } from "preact";
import { useId } from "preact/hooks";

/** What a slider shows. */
export interface SliderProps {
  /** What it sets. */
  readonly label: string;
  /** Its value. */
  readonly value: number;
  /** The least value. */
  readonly least: number;
  /** The largest value. */
  readonly most: number;
  /** How far a step goes. */
  readonly step: number;
  /** Called while it moves. */
  readonly onInput: (value: number) => void;
}

/** A number, by sliding or by typing. */
export function Slider(
  { label, value, least, most, step, onInput }: SliderProps,
): JSX.Element {
  const id = useId();
  const limits = { min: least, max: most, step, value };
  const take = (text: string) => {
    const number = Number(text);
    if (text === "" || !Number.isFinite(number)) return;
    onInput(Math.min(most, Math.max(least, number)));
  };
  return (
    <div class="slider">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="range"
        {...limits}
        onInput={({ currentTarget }) => take(currentTarget.value)}
      />
      <input
        type="number"
        aria-label={`${label}, as a number`}
        {...{ ...limits, step: "any", value: Number(value.toPrecision(5)) }}
        onChange={({ currentTarget }) => take(currentTarget.value)}
      />
    </div>
  );
}
