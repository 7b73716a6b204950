import { atScale } from "@unet/data";
import type {
  DiameterSettings,
  ImageScale,
} from "../diameter/diameter_settings.ts";
import { scaleOf } from "../diameter/scale_of.ts";
import { readingOf, type Source, type SourceOptions } from "./open_source.ts";

/**
 * Brings an open image to the size of objects that a network learned. Its
 * range of values stays that of its own pixels.
 *
 * @param source The image; a stack's planes are all brought to one size.
 * @param diameter What the network learned, and what the image has; without it,
 * nothing changes.
 * @param options How images are opened.
 * @returns The image; disposing of it disposes of the source.
 * @throws {FileError} If it cannot be read, or is too small a file for what it
 * would become; the source is closed then.
 */
export async function atDiameter(
  source: Source,
  diameter: DiameterSettings | undefined,
  options: SourceOptions,
): Promise<Source> {
  if (!diameter) return source;
  const { wanted } = diameter;
  const scaled = { diameter: wanted, scale: scaleOf(wanted, diameter) };
  return await scaledSource(source, scaled, options);
}

async function scaledSource(
  source: Source,
  scaled: ImageScale,
  options: SourceOptions,
): Promise<Source> {
  const { stack } = source, { scale, diameter } = scaled;
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
      enlarged: {
        found: `objects of ${diameter} pixels`,
        remedy: "give a larger `diameter`, or off",
      },
    }),
  );
  const all = opened.move();
  return { ...kept, seen, [Symbol.asyncDispose]: () => all.disposeAsync() };
}
