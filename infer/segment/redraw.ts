import { type Image, openImage } from "@unet/data";
import { cannot, count, FileError } from "@unet/errors";
import { PictureFiles, type PicturePlan } from "./picture_files.ts";
import type { Job, PlannedFormat } from "./plan_outputs.ts";
import type { DoneEvent } from "../batch/manifest_event.ts";
import type { Source } from "./open_source.ts";

/** An output that others are drawn from, so that no network is needed. */
export interface Drawing {
  /** What it holds. */
  readonly kind: "mask" | "labels" | "picture";
  /** Its path. */
  readonly path: string;
}

/** Pixels of a PNG, which is read as a whole, that others are drawn from. */
const mostPixelsWhole = 2 ** 26;

/** Pixels that are read at once. */
const pixelsAtOnce = 2 ** 22;

/**
 * Chooses the output of an earlier run that the missing ones can be drawn from
 * exactly.
 *
 * @param job The image.
 * @param missing The outputs that are missing.
 * @param options What the pictures show, and how the image was finished.
 * @returns The output; undefined where the network has to see the image again.
 */
export function drawingFor(
  { names, paths, kinds = {} }: Job,
  missing: readonly string[],
  { style, record }: {
    readonly style: "mask" | "instances";
    readonly record: DoneEvent;
  },
): Drawing | undefined {
  const { width = NaN, height = NaN, objects } = record.counts;
  if (!(width * height > 0) || objects === undefined) return undefined;
  const known = new Map(record.outputs.map((each) => [each.path, each]));
  const kept = (format: PlannedFormat): string | undefined => {
    const name = names[format];
    if (name === undefined || !known.has(name)) return undefined;
    const isWhole = name.endsWith(".png");
    if (isWhole && width * height > mostPixelsWhole) return undefined;
    return missing.includes(name) ? undefined : paths[format];
  };
  const isOnly = (...formats: PlannedFormat[]): boolean => {
    const possible = formats.map((format) => names[format]);
    return missing.every((name) => possible.includes(name));
  };
  const overlay = kept("overlay"), labels = kept("labels");
  const mask = kept("png") ?? kept("tiff");
  const isAsAsked = known.get(names.overlay ?? "")?.kind === style &&
    kinds[names.overlay ?? ""] === style;
  if (overlay !== undefined && isAsAsked && isOnly("preview")) {
    return { kind: "picture", path: overlay };
  }
  if (mask !== undefined && isOnly("png", "tiff")) {
    return { kind: "mask", path: mask };
  }
  if (style === "mask") {
    return mask !== undefined && isOnly("png", "tiff", "overlay", "preview")
      ? { kind: "mask", path: mask }
      : undefined;
  }
  return labels !== undefined && isOnly("overlay", "preview")
    ? { kind: "labels", path: labels }
    : undefined;
}

/**
 * Writes outputs of an image from another of its outputs.
 *
 * @param source The image.
 * @param drawing The output that they are drawn from.
 * @param plan What is written, and where.
 * @throws {FileError} If the output cannot be read or is not the image's, or a
 * file cannot be written.
 */
export async function redraw(
  source: Source,
  { kind, path }: Drawing,
  plan: PicturePlan,
): Promise<void> {
  const { width, height } = source.image;
  await using drawing = await openImage(path);
  if (
    drawing.width !== width || drawing.height !== height ||
    drawing.channels !== (kind === "picture" ? 3 : 1)
  ) {
    throw new FileError(
      cannot("draw from", "output", path, {
        found: `${drawing.width}×${drawing.height} pixels of ` +
          count(drawing.channels, "channel"),
        expected: `the ${kind} of an image of ${width}×${height}`,
        remedy: "use --force to segment the image again",
      }),
    );
  }
  await using files = await PictureFiles.open(source, plan);
  const atOnce = Math.max(1, Math.floor(pixelsAtOnce / width));
  for (let y = 0; y < height; y += atOnce) {
    const rows = Math.min(atOnce, height - y);
    const { data } = await drawing.read(0, y, width, rows);
    if (kind === "picture") await files.addDrawn(data as Uint8Array);
    else if (kind === "labels") await files.draw(Uint32Array.from(data));
    else {
      const mask = maskOf(data);
      await files.addMask(mask);
      await files.draw(mask);
    }
  }
  await files.finish();
}

function maskOf(values: Image["data"]): Uint8Array {
  return values instanceof Uint8Array
    ? values
    : Uint8Array.from(values, (value) => value > 0 ? 255 : 0);
}
