/** Compressed pieces of an image, as strips of a small file. */
export interface WrappedStrips {
  /** Pixels per row. */
  readonly width: number;
  /** Rows of all strips together. */
  readonly height: number;
  /** Rows of each strip but the last. */
  readonly rowsPerStrip: number;
  /** Values a pixel, of 8 bits each. */
  readonly samples: number;
  /** TIFF's number of the compression. */
  readonly compression: number;
  /** TIFF's number of the color model. */
  readonly photometric: number;
  /** Tables that JPEG strips share. */
  readonly jpegTables?: Uint8Array | undefined;
  /** The compressed strips. */
  readonly strips: readonly Uint8Array[];
}

const short = 3, long = 4, undefinedBytes = 7;

/**
 * Makes a small TIFF around compressed strips or tiles of a large one, so that
 * the image library decodes them and nothing else.
 */
export function wrapStrips(wrapped: WrappedStrips): Uint8Array<ArrayBuffer> {
  const { strips, samples, jpegTables } = wrapped;
  const count = strips.length;
  const tables = jpegTables ?? new Uint8Array(0);
  const headerBytes = 8, directoryBytes = 2 + 12 * 12 + 4;
  const bitsAt = headerBytes + directoryBytes;
  const offsetsAt = bitsAt + 2 * samples + (samples & 1) * 2;
  const countsAt = offsetsAt + 4 * count;
  const tablesAt = countsAt + 4 * count;
  const dataAt = tablesAt + tables.length;
  const dataBytes = strips.reduce((sum, one) => sum + one.length, 0);
  const bytes = new Uint8Array(dataAt + dataBytes);
  const view = new DataView(bytes.buffer);
  bytes.set([0x49, 0x49, 42, 0, headerBytes]);

  const entries: [tag: number, type: number, count: number, value: number][] = [
    [256, long, 1, wrapped.width],
    [257, long, 1, wrapped.height],
    [258, short, samples, samples <= 2 ? 8 | (samples - 1) * 8 << 16 : bitsAt],
    [259, short, 1, wrapped.compression],
    [262, short, 1, wrapped.photometric],
    [273, long, count, count === 1 ? dataAt : offsetsAt],
    [277, short, 1, samples],
    [278, long, 1, wrapped.rowsPerStrip],
    [279, long, count, count === 1 ? dataBytes : countsAt],
    [284, short, 1, 1],
  ];
  if (samples === 4) entries.push([338, short, 1, 2]);
  if (tables.length > 0) {
    entries.push([347, undefinedBytes, tables.length, tablesAt]);
  }
  view.setUint16(headerBytes, entries.length, true);
  for (const [index, [tag, type, values, value]] of entries.entries()) {
    const at = headerBytes + 2 + index * 12;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, values, true);
    view.setUint32(at + 8, value, true);
  }
  for (let sample = 0; sample < samples; sample++) {
    view.setUint16(bitsAt + 2 * sample, 8, true);
  }
  bytes.set(tables, tablesAt);
  let at = dataAt;
  for (const [index, strip] of strips.entries()) {
    view.setUint32(offsetsAt + 4 * index, at, true);
    view.setUint32(countsAt + 4 * index, strip.length, true);
    bytes.set(strip, at);
    at += strip.length;
  }
  return bytes;
}
