import { micrometersIn } from "../images/length_units.ts";
import type { PixelSize } from "../images/image_reader.ts";
import { sized } from "../images/pixel_size.ts";
import { isObject } from "../json_object.ts";

/** An axis of an image, as metadata describe it. */
export interface ZarrAxis {
  /** What it is: `x`, `y`, `z`, `c`, `t`, or another name. */
  readonly name: string;
  readonly unit?: string;
}

/**
 * The axes of an image: since 0.4 with types and units, in 0.3 names, before
 * that five that are not written down; since 0.6 in a coordinate system.
 *
 * @returns Undefined where they contradict themselves.
 */
export function axesOf(
  multiscale: Readonly<Record<string, unknown>>,
): readonly ZarrAxis[] | undefined {
  const { axes: own, coordinateSystems: systems } = multiscale;
  const axes = own ??
    (Array.isArray(systems) && isObject(systems[0])
      ? systems[0].axes
      : [..."tczyx"]);
  if (!Array.isArray(axes)) return undefined;
  const found: ZarrAxis[] = [];
  for (const axis of axes) {
    const { name, type, unit } = isObject(axis)
      ? axis
      : { name: axis, type: undefined, unit: undefined };
    if (typeof name !== "string") return undefined;
    const known = type === "channel" ? "c" : type === "time" ? "t" : name;
    const isUnit = typeof unit === "string";
    found.push({ name: known.toLowerCase(), ...(isUnit && { unit }) });
  }
  const names = found.map(({ name }) => name);
  return new Set(names).size === names.length ? found : undefined;
}

/**
 * The pixel size of a level: the product of its scales and the image's, in the
 * axes' units.
 *
 * @param transformations Those of the level, then those of the image.
 */
export function pixelSizeOf(
  axes: readonly ZarrAxis[],
  transformations: readonly unknown[],
): PixelSize | undefined {
  const steps = transformations.flatMap((one) => stepsOf(one, 0));
  if (steps.includes(undefined)) return undefined;
  const scales = steps.filter((one) => one!.isScale)
    .map((one) => one!.numbers as readonly unknown[]);
  if (scales.length === 0) return undefined;
  const along = (name: string): number | undefined => {
    const at = axes.findIndex((axis) => axis.name === name);
    const unit = micrometersIn(axes[at]?.unit ?? "");
    if (unit === undefined) return undefined;
    let size = unit;
    for (const scale of scales) size *= Number(scale[at]);
    return size;
  };
  return sized(along("x"), along("y"));
}

/** How the places of an axis follow from the numbers of its pixels. */
export interface AxisPlacing {
  /** How far apart neighbors are, in the axis' unit. */
  readonly scale: number;
  /** Where the first pixel is. */
  readonly offset: number;
}

/**
 * How transformations place the pixels of a level, an entry per axis.
 *
 * @param transformations Those of the level, then those of the image.
 * @returns Undefined where one is no scale and no translation of as many
 * finite numbers.
 */
export function placingOf(
  axes: readonly ZarrAxis[],
  transformations: readonly unknown[],
): readonly AxisPlacing[] | undefined {
  let placed: AxisPlacing[] = axes.map(() => ({ scale: 1, offset: 0 }));
  for (const one of transformations.flatMap((one) => stepsOf(one, 0))) {
    const numbers = one?.numbers;
    const isRight = Array.isArray(numbers) && numbers.length === axes.length &&
      numbers.every(Number.isFinite);
    if (!isRight) return undefined;
    placed = placed.map(({ scale, offset }, at) =>
      one!.isScale
        ? { scale: scale * numbers[at], offset: offset * numbers[at] }
        : { scale, offset: offset + numbers[at] }
    );
  }
  return placed;
}

/** One transformation, with a number per axis. */
interface Step {
  readonly isScale: boolean;
  readonly numbers: unknown;
}

/** Scales and translations in their order; undefined among them for others. */
function stepsOf(value: unknown, depth: number): (Step | undefined)[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || depth > 4) return [undefined];
  return value.flatMap((one) => {
    if (!isObject(one)) return [undefined];
    switch (one.type) {
      case "identity":
        return [];
      case "translation":
        return [{ isScale: false, numbers: one.translation }];
      case "scale":
        return [
          Array.isArray(one.scale)
            ? { isScale: true, numbers: one.scale }
            : undefined,
        ];
      case "sequence":
        return stepsOf(one.transformations, depth + 1);
      default:
        return [undefined];
    }
  });
}
