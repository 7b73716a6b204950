import { atScale, type AtScaleOptions } from "@unet/data";
import type { ImageScale } from "../diameter/diameter_settings.ts";
import { type FoundScale, imageScaleOf } from "../diameter/image_scale.ts";
import type { Predict } from "../windows/predict.ts";
import { readingOf, type Source, type SourceOptions } from "./open_source.ts";
import { readerUntilAborted } from "./reader_until_aborted.ts";
import type { ResultSettings } from "./segment_options.ts";

/**
 * Options for rescaling an image to the object size that a network was trained
 * on.
 */
export interface AtDiameterOptions {
  /** What decides the result. */
  readonly settings: ResultSettings;
  /** The network, which measures images. */
  readonly predict: Predict;
  /** How images are opened. */
  readonly opening: SourceOptions;
  /** Ends the work between two batches. */
  readonly signal: AbortSignal;
}

/** The planes of a stack in which objects are looked for, in this order. */
const shares = [1 / 2, 1 / 4, 3 / 4];

/**
 * Brings an open image to the size of objects that a network learned. Its
 * range of values stays that of its own pixels.
 *
 * @param source The image; a stack's planes are all brought to one size.
 * @param options The diameter, the network, and how images are opened.
 * @returns The image, as it is without a diameter; disposing of it disposes of
 * the source.
 * @throws {FileError} If it cannot be read, or is too small a file for what it
 * would become; the source is closed then.
 */
export async function atDiameter(
  source: Source,
  options: AtDiameterOptions,
): Promise<Source> {
  if (!options.settings.diameter) return source;
  await using opened = new AsyncDisposableStack();
  opened.use(source);
  const { scaled, bands, found } = await stackScaleOf(source, options);
  const seen = await scaledSource(source, scaled, options.opening);
  opened.move();
  // A result of several views is another one than that of the look.
  const { views = 1 } = options.settings;
  if (!bands || views > 1) return seen;
  const { image } = source;
  // Those of a part, or of other pixels, lie elsewhere on the image.
  const isImage = seen.seen.width === image.width &&
    seen.seen.height === image.height;
  return { ...seen, bands, ...(found && isImage && { found }) };
}

/** The scale of an image; of a stack, that of a plane in which objects are. */
async function stackScaleOf(
  source: Source,
  options: AtDiameterOptions,
): Promise<FoundScale> {
  const { stack } = source;
  if (!stack || options.settings.diameter?.wanted !== "auto") {
    return await scaleOfSource(source, options);
  }
  const planes = shares.map((share) => Math.floor(share * stack.count));
  for (const index of new Set(planes)) {
    await using plane = await stack.open(index);
    const opening = { ...options.opening, [stack.axis]: index };
    const { scaled } = await scaleOfSource(plane, { ...options, opening });
    if (scaled.diameter !== null) return { scaled };
  }
  return { scaled: { diameter: null, scale: 1 } };
}

async function scaleOfSource(
  { seen, range }: Source,
  { settings, predict, opening, signal }: AtDiameterOptions,
): Promise<FoundScale> {
  const { threshold, instances, diameter, ...window } = settings;
  const { width, height } = seen;
  const reader = readerUntilAborted(seen, signal);
  return await imageScaleOf(
    {
      ...{ width, height },
      at: (scale) =>
        atScale(reader, { x: scale, y: scale }, readingOf(opening)),
    },
    predict,
    {
      ...{ range, window, signal, diameter: diameter! },
      instances: {
        ...(threshold !== undefined && { threshold }),
        ...instances,
      },
    },
  );
}

async function scaledSource(
  source: Source,
  scaled: ImageScale,
  options: SourceOptions,
): Promise<Source> {
  const { stack } = source, { scale } = scaled;
  const planes = stack && {
    ...stack,
    open: async (index: number): Promise<Source> => {
      const part = { ...options, [stack.axis]: index };
      return await scaledSource(await stack.open(index), scaled, part);
    },
  };
  const kept = { ...source, ...(planes && { stack: planes }), scaled };
  if (scale === 1) return kept;
  await using opened = new AsyncDisposableStack();
  opened.use(source);
  const seen = opened.use(
    await atScale(source.seen, { x: scale, y: scale }, {
      ...readingOf({ ...options, ...(stack && { [stack.axis]: 0 }) }),
      enlarged: enlargedWords(scaled),
    }),
  );
  const all = opened.move();
  return { ...kept, seen, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

function enlargedWords(
  { diameter }: ImageScale,
): NonNullable<AtScaleOptions["enlarged"]> {
  return {
    found: `objects of ${diameter} pixels`,
    remedy: "give a larger `diameter`, or off",
  };
}
