/** The most screen pixels of a scale bar. */
const longest = 160;

/** A scale bar. */
export interface Scale {
  /** How long it is, in screen pixels. */
  readonly length: number;
  /** How long that is, in words. */
  readonly words: string;
}

/**
 * The scale bar of a zoom: the largest 1, 2 or 5 with any zeros that is not too
 * long.
 *
 * @param pixels Screen pixels per micrometer, above 0.
 */
export function scaleOf(pixels: number): Scale {
  const most = longest / pixels;
  const power = 10 ** Math.floor(Math.log10(most));
  const factor = [5, 2, 1].find((each) => each * power <= most) ?? 1;
  const micrometers = factor * power;
  return { length: micrometers * pixels, words: inWords(micrometers) };
}

function inWords(micrometers: number): string {
  // Powers of ten below 1 are no exact numbers.
  const round = (value: number) => Number(value.toPrecision(3));
  if (micrometers >= 1000) return `${round(micrometers / 1000)} mm`;
  return micrometers >= 1
    ? `${round(micrometers)} µm`
    : `${round(micrometers * 1000)} nm`;
}
