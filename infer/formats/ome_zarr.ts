import { basename } from "@std/path";
import {
  addZarrLabel,
  type FrameAxis,
  readZarrFrame,
  requireLabelHolder,
  type ZarrFrame,
} from "@unet/data";
import { type ClassStyle, classStyles } from "../outputs/class_color.ts";
import {
  LabelZarr,
  type LabelZarrOptions,
  type ZarrAxisShape,
} from "../outputs/label_zarr.ts";
import { classHeadOfImage } from "./class_head_of_image.ts";
import type { Format, OutputImage, PartWriter } from "./format.ts";

/** Where labels go. */
interface OmeZarrOptions {
  /**
   * Whether they are the `labels/NAME` of their image, which lists them when
   * they are in their place; a hierarchy of their own by default.
   */
  readonly isInside?: boolean;
}

/**
 * Instance numbers as an OME-Zarr label image.
 *
 * @param options Where they go.
 */
export function omeZarr(options: OmeZarrOptions = {}): Format<"labels"> {
  return {
    help: "instance numbers",
    ending: "_labels.ome.zarr",
    takes: "labels",
    holdsStacks: true,
    open: (path, image) => openLabels<Uint32Array>(path, image, options),
  };
}

/**
 * Class numbers as an OME-Zarr label image, with the classes' colors.
 *
 * @param options Where they go.
 */
export function classOmeZarr(
  options: OmeZarrOptions = {},
): Format<"classMap"> {
  return {
    ...omeZarr(),
    help: "class numbers",
    takes: "classMap",
    open(path, image) {
      const classes = classStyles(classHeadOfImage(image).classes);
      return openLabels<Uint8Array>(path, image, { ...options, classes });
    },
  };
}

async function openLabels<Rows extends Uint8Array | Uint32Array>(
  path: string,
  image: OutputImage,
  { isInside = false, classes }: OmeZarrOptions & {
    readonly classes?: readonly ClassStyle[];
  },
): Promise<PartWriter<Rows>> {
  const name = basename(path), holder = isInside ? image.path : undefined;
  if (holder !== undefined) await requireLabelHolder(holder, name);
  const file = await LabelZarr.open(path, {
    ...await optionsFor(image, holder !== undefined),
    ...(classes && { classes }),
  });
  return {
    write: (rows) => file.writeRows(rows),
    async finish() {
      await file.finish();
      if (holder !== undefined) await addZarrLabel(holder, name);
    },
    [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
  };
}

/** How labels of an image are written: in its version, and where it lies. */
async function optionsFor(
  image: OutputImage,
  isInside: boolean,
): Promise<LabelZarrOptions> {
  const { path, part } = image;
  const frame = path === undefined
    ? undefined
    : await readZarrFrame(path, part?.level);
  if (!frame) return { axes: axesOf(image) };
  const { version, levels } = frame;
  return {
    ...{ version, axes: axesIn(frame, image) },
    ...(isInside && { levels, image: "../../" }),
  };
}

/** The axes of an image that is no OME-Zarr. */
function axesOf(
  { width, height, pixelSize, stack }: OutputImage,
): ZarrAxisShape[] {
  const along = (name: "y" | "x", length: number): ZarrAxisShape => ({
    ...{ name, length, scale: pixelSize?.[name] ?? 1, offset: 0 },
    ...(pixelSize && { unit: "micrometer" }),
  });
  return [
    ...(stack
      ? [{
        name: stack.axis === "plane" ? "z" as const : "t" as const,
        ...{ length: stack.count, scale: 1, offset: 0 },
      }]
      : []),
    along("y", height),
    along("x", width),
  ];
}

/** The axes of labels that lie on an OME-Zarr image, at their place in it. */
function axesIn({ axes }: ZarrFrame, image: OutputImage): ZarrAxisShape[] {
  const { width, height, stack, part = {} } = image;
  const stacked = stack && (stack.axis === "plane" ? "z" : "t");
  const chosen = { z: part.plane, t: part.time };
  return axes.map((axis: FrameAxis): ZarrAxisShape => {
    const { name, scale, offset } = axis;
    if (name === "y" || name === "x") {
      return { ...axis, length: name === "y" ? height : width };
    }
    if (name === stacked) return { ...axis, length: stack!.count };
    // A projection of all planes begins where they begin.
    const at = typeof chosen[name] === "number" ? chosen[name] : 0;
    return { ...axis, length: 1, offset: offset + at * scale };
  });
}
