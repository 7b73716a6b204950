import type { PixelSize } from "@unet/data";
import { describeOme } from "./_ome_image.ts";
import type { StackShape } from "./stack_shape.ts";
import type { Field } from "./_tiff_directory.ts";
import type { TiffLevel } from "./_tiff_level.ts";

/** What the fields of a level say besides its tiles. */
export interface LevelAbout {
  /** The type of a value. */
  readonly type: "uint8" | "uint16" | "uint32" | "float32";
  /** How large a pixel of the whole image is. */
  readonly pixelSize?: PixelSize;
  /** The stack that the level is of. */
  readonly stack?: StackShape;
  /** What describes the file, instead of the OME-XML of a stack. */
  readonly description?: string;
  /** Where the smaller levels are, where they are sub-directories. */
  readonly inside: readonly number[];
  /** Whether it is the first directory of the file, which describes a stack. */
  readonly isFirst: boolean;
}

/**
 * The fields of a level's directory, in the order of their tags.
 *
 * @param levels The levels of its page, full size first.
 * @param index Which of them.
 * @param about What they say besides.
 */
export function levelFields(
  levels: readonly TiffLevel[],
  index: number,
  { type, pixelSize, stack, description, inside, isFirst }: LevelAbout,
): Field[] {
  const { shape, offsets, byteCounts } = levels[index]!;
  const { width, height, channels, tile, create } = shape;
  const whole = levels[0]!.shape;
  const described = () =>
    description ?? (stack && describeOme({
      ...{ width, height, type, samples: channels, stack },
      ...(pixelSize && { pixelSize }),
    }));
  const text = isFirst ? described() : undefined;
  const each = (value: number) => Array<number>(channels).fill(value);
  const isFloat = type === "float32";
  const fields: (Field | false)[] = [
    [254, "long", [index === 0 ? 0 : 1]],
    [256, "long", [width]],
    [257, "long", [height]],
    [258, "short", each(create(1).byteLength * 8)],
    [259, "short", [8]],
    [262, "short", [channels === 3 ? 2 : 1]],
    text !== undefined && [270, "text", text],
    [277, "short", [channels]],
    !!pixelSize &&
    [282, "rational", [1e4 / pixelSize.x * width / whole.width]],
    !!pixelSize &&
    [283, "rational", [1e4 / pixelSize.y * height / whole.height]],
    [284, "short", [1]],
    !!pixelSize && [296, "short", [3]],
    [305, "text", "unet"],
    [317, "short", [isFloat ? 1 : 2]],
    [322, "long", [tile]],
    [323, "long", [tile]],
    [324, "offset", offsets],
    [325, "long", byteCounts],
    index === 0 && inside.length > 0 && [330, "offset", inside],
    [339, "short", each(isFloat ? 3 : 1)],
  ];
  return fields.filter((field) => field !== false);
}
