import type { PixelSize } from "@unet/data";
import type { StackAxis, StackPlace } from "../instances/instance.ts";
import { TextFile } from "./_text_file.ts";

/** How much of an image is of a class. */
export interface ClassArea {
  /** The class's name. */
  readonly name: string;
  /** Its pixels. */
  readonly pixels: number;
  /** Where the plane that they are on is in a stack; absent otherwise. */
  readonly place?: StackPlace;
}

/** The columns of a table of classes' areas. */
export const classAreaColumns = [
  "class",
  "number",
  "area_px",
  "area_um2",
  "share",
] as const;

/** How large a pixel is. */
export interface ClassAreasOptions {
  /** In µm, where that is known. */
  readonly pixelSize?: PixelSize;
  /** What a stack is made of, for the column of the index; no stack by default. */
  readonly axis?: StackAxis;
}

/**
 * Writes the areas of an image's classes as a table, a row per class in the
 * order of their numbers, the background among them: `class`, `number`,
 * `area_px`, `area_um2` (empty where the pixel size is not known), and `share`,
 * 0…1, of all pixels; of a stack a row per class and plane, `plane` or `time`
 * after `class`, and the share of the plane's pixels. Comma-separated as in RFC 4180, in UTF-8, with 10
 * significant digits.
 *
 * @param path The file, replaced if it is there.
 * @param areas The areas of all classes, which sum up to all pixels, of a stack
 * of each plane.
 * @param options How large a pixel is, and what a stack is made of.
 * @throws {FileError} If it cannot be written; nothing of it is left then.
 *
 * @example
 * ```ts
 * import { writeClassAreas } from "@unet/infer/outputs";
 * import { assertEquals } from "@std/assert";
 *
 * const path = `${await Deno.makeTempDir()}/nerve.csv`;
 * await writeClassAreas(path, [
 *   { name: "background", pixels: 3 },
 *   { name: "axon", pixels: 1 },
 * ], { pixelSize: { x: 0.5, y: 0.5 } });
 * const [, background, axon] = (await Deno.readTextFile(path)).split("\r\n");
 * assertEquals(background, "background,0,3,0.75,0.75");
 * assertEquals(axon, "axon,1,1,0.25,0.25");
 * ```
 */
export async function writeClassAreas(
  path: string,
  areas: readonly ClassArea[],
  { pixelSize, axis }: ClassAreasOptions = {},
): Promise<void> {
  const square = pixelSize ? pixelSize.x * pixelSize.y : undefined;
  const rounded = (value: number): number => Number(value.toPrecision(10));
  await using file = await TextFile.open(path, "areas");
  const [first, ...rest] = classAreaColumns, columns = axis ? [axis] : [];
  await file.write(`${[first, ...columns, ...rest].join(",")}\r\n`);
  const indexOf = ({ place }: ClassArea) => axis && place?.[axis];
  for (const [index, plane] of Map.groupBy(areas, indexOf)) {
    const all = plane.reduce((sum, { pixels }) => sum + pixels, 0);
    for (const [number, { name, pixels }] of plane.entries()) {
      const cells = [
        ...[name, ...axis ? [index] : [], number, pixels],
        square === undefined ? "" : rounded(pixels * square),
        rounded(pixels / all),
      ];
      await file.write(`${cells.join(",")}\r\n`);
    }
  }
  await file.finish();
}

/**
 * Adds up the areas of classes over images, by the classes' names.
 *
 * @param lists The areas of each image's classes.
 * @returns The sum of each class, in the order in which they first come.
 *
 * @example
 * ```ts
 * import { sumClassAreas } from "@unet/infer/outputs";
 * import { assertEquals } from "@std/assert";
 *
 * const sum = sumClassAreas([
 *   [{ name: "axon", pixels: 3 }],
 *   [{ name: "myelin", pixels: 2 }, { name: "axon", pixels: 1 }],
 * ]);
 * assertEquals(sum, [
 *   { name: "axon", pixels: 4 },
 *   { name: "myelin", pixels: 2 },
 * ]);
 * ```
 */
export function sumClassAreas(
  lists: Iterable<readonly ClassArea[]>,
): ClassArea[] {
  const sums = new Map<string, number>();
  for (const areas of lists) {
    for (const { name, pixels } of areas) {
      sums.set(name, (sums.get(name) ?? 0) + pixels);
    }
  }
  return [...sums].map(([name, pixels]) => ({ name, pixels }));
}
