import { openStack } from "@unet/data";
import { cannot, FileError } from "@unet/errors";
import type { StackAxis } from "../instances/instance.ts";
import {
  readingOf,
  type Source,
  sourceOf,
  type SourceOptions,
  type SourceStack,
} from "./open_source.ts";

/** The names of channels that make one picture. */
const colors = /^(red|green|blue|gray|alpha)$/;

/**
 * Opens all planes, or time points, of a file for a network: each is seen as if
 * it were read alone.
 *
 * @param path The file.
 * @param options How each is opened.
 * @param axis What the stack is made of.
 * @returns The first plane; disposing of it closes the file.
 * @throws {FileError} As `openSource()`.
 */
export async function openStackSource(
  path: string,
  options: SourceOptions,
  axis: StackAxis,
): Promise<Source & { readonly stack: SourceStack }> {
  await using opened = new AsyncDisposableStack();
  const file = opened.use(
    await openStack(path, {
      ...readingOf({ ...options, [axis]: 0 }),
      ...{ isReadWhole: true, axis },
    }),
  );
  const open = async (index: number): Promise<Source> => {
    const part = { ...options, [axis]: index };
    const image = await file.open(readingOf(part));
    const source = await sourceOf(image, part);
    return { ...source, reopen: (options) => file.open(options) };
  };
  const first = opened.use(await open(0));
  const { width, height, channelNames } = first.image;
  const others = axis === "plane" ? file.times : file.planes;
  const stack: SourceStack = {
    axis,
    count: axis === "plane" ? file.planes : file.times,
    isAlone: others === 1 && (channelNames.length === 1 ||
      channelNames.every((name) => colors.test(name))),
    async open(index) {
      const source = await open(index), { image } = source;
      if (image.width === width && image.height === height) return source;
      await source[Symbol.asyncDispose]();
      throw new FileError(cannot("segment", "image", path, {
        found: `${image.width}×${image.height} pixels in ${axis} ${index}`,
        expected: `${width}×${height}, as in ${axis} 0`,
        remedy: `segment each ${axis} alone`,
      }));
    },
  };
  const kept = opened.move();
  return { ...first, stack, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
