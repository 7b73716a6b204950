import { cannot, FileError } from "@unet/errors";
import { requireBacked } from "../images/decode_budget.ts";
import type { DecodeOptions } from "../images/decode_image.ts";
import { requireAmong } from "../images/require_among.ts";
import { requirePixels } from "../images/require_pixels.ts";
import type { MaskValues, StoredMask } from "../masks/stored_mask.ts";
import type { ZarrType } from "./zarr_array.ts";
import { readZarrImage } from "./zarr_image.ts";
import type { ZarrPlace } from "./zarr_place.ts";
import { ZarrChunks } from "./zarr_planes.ts";
import { openZarrStore } from "./zarr_store.ts";

/** Larger whole numbers are rounded when 64 bits are read. */
const largestExact = 2 ** 53;

const arrays: Readonly<Record<ZarrType, new (length: number) => MaskValues>> = {
  ...{ bool: Uint8Array, uint8: Uint8Array, int8: Int8Array },
  ...{ uint16: Uint16Array, int16: Int16Array },
  ...{ uint32: Uint32Array, int32: Int32Array },
  ...{ int64: Float64Array, uint64: Float64Array },
  ...{ float16: Float16Array, float32: Float32Array, float64: Float64Array },
};

/**
 * Reads the numbers that an OME-Zarr stores for a mask, of its first plane and
 * time point unless others are chosen that it has.
 *
 * @param path What messages call it.
 * @throws {FileError} If it is damaged, too large, or has several channels.
 */
export async function decodeZarrMask(
  path: string,
  place: ZarrPlace,
  options: DecodeOptions & { readonly maxPixels: number },
): Promise<StoredMask> {
  using store = await openZarrStore(place);
  const image = await readZarrImage(store, place.inside);
  const { planes, times, channelNames, axes } = image;
  if (channelNames.length > 1) {
    throw new FileError(cannot("read", "mask", path, {
      found: `${channelNames.length} values per pixel`,
      expected: "one",
    }));
  }
  const plane = typeof options.plane === "number" ? options.plane : 0;
  const { time = 0 } = options;
  if (planes > 1) requireAmong(path, "plane", planes, plane);
  if (times > 1) requireAmong(path, "time", times, time);
  const [{ array, node, width, height }] = image.levels as [
    typeof image.levels[0],
  ];
  requirePixels({ width, height }, path, options.maxPixels);
  let bytes = 0, files = 0;
  for (const { size } of store.list(node.path)) {
    bytes += size;
    files++;
  }
  const Values = arrays[array.type];
  const decoded = width * height * new Values(1).byteLength;
  requireBacked(path, { kind: "image", decoded, stored: bytes });
  const chunks = new ZarrChunks({
    ...{ path, array, axes, stored: { bytes, files } },
  });
  const values = new Values(width * height);
  const [wide, high] = ["x", "y"].map((name) => chunks.chunkAlong(name));
  const deep = chunks.chunkAlong("z"), long = chunks.chunkAlong("t");
  const z = planes > 1 ? plane : 0, t = times > 1 ? time : 0;
  for (let y = 0; y < height; y += high!) {
    for (let x = 0; x < width; x += wide!) {
      const chunk = await chunks.read({
        ...{ c: 0, x: x / wide!, y: y / high! },
        ...{ z: Math.floor(z / deep), t: Math.floor(t / long) },
      });
      const along = (name: string) => chunks.strideAlong(chunk, name);
      const start = z % deep * along("z") + t % long * along("t");
      const right = along("x"), down = along("y");
      for (let line = y; line < Math.min(height, y + high!); line++) {
        let from = start + (line - y) * down, to = line * width + x;
        const end = line * width + Math.min(width, x + wide!);
        for (; to < end; to++, from += right) {
          values[to] = Number(chunk.data[from]!);
        }
      }
    }
  }
  if (array.type.endsWith("int64")) requireExact(values, path);
  return {
    ...{ width, height, values, colorBits: 0, isLossy: false },
    ...{ orientation: 1, hasShapeInAlpha: false, showsZeroBright: false },
    pages: (typeof options.plane === "number" ? 1 : planes) *
      (options.time === undefined ? times : 1),
  };
}

function requireExact(values: MaskValues, path: string): void {
  for (const value of values) {
    if (Math.abs(value) < largestExact) continue;
    throw new FileError(cannot("read", "mask", path, {
      found: "whole numbers of more than 53 bits",
      expected: "smaller object numbers",
    }));
  }
}
