import { assertEquals, assertThrows } from "@std/assert";
import sharp from "sharp";
import { decodeStrips } from "./decode_strips.ts";

const width = 300, height = 200;

/** Long runs, noise, and all byte values: codes of every width. */
const pixels = Uint8Array.from(
  { length: width * height },
  (_, at) => at % 3000 < 900 ? 7 : Math.imul(at, 2654435761) >>> 24,
);

/** The strips of a TIFF of one page, by its tags 273, 278 and 279. */
function stripsOf(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLittle = bytes[0] === 0x49, start = view.getUint32(4, isLittle);
  const valuesOf = (wanted: number): number[] => {
    for (let entry = 0; entry < view.getUint16(start, isLittle); entry++) {
      const at = start + 2 + 12 * entry;
      if (view.getUint16(at, isLittle) !== wanted) continue;
      const isShort = view.getUint16(at + 2, isLittle) === 3;
      const count = view.getUint32(at + 4, isLittle), size = isShort ? 2 : 4;
      const from = count * size <= 4
        ? at + 8
        : view.getUint32(at + 8, isLittle);
      return Array.from(
        { length: count },
        (_, index) =>
          isShort
            ? view.getUint16(from + size * index, isLittle)
            : view.getUint32(from + size * index, isLittle),
      );
    }
    return [];
  };
  const counts = valuesOf(279), [rowsPerPiece = height] = valuesOf(278);
  return {
    rowsPerPiece,
    pieces: valuesOf(273).map((from, at) =>
      bytes.subarray(from, from + counts[at]!)
    ),
  };
}

for (const [name, compression] of [["lzw", 5], ["packbits", 32773]] as const) {
  Deno.test(`decodeStrips() of a page undoes ${name} as libtiff writes it`, async () => {
    const raw = { width, height, channels: 1 } as const;
    const tiff = await sharp(pixels, { raw })
      .toColorspace("b-w").tiff({ compression: name, predictor: "none" })
      .toBuffer();
    const found = await decodeStrips({
      ...{ compression, photometric: 1, width, rowBytes: width, samples: 1 },
      ...{ ...stripsOf(tiff), rows: height },
    });
    assertEquals(found, pixels);
  });
}

Deno.test("decodeStrips() of a page refuses what is cut off, and pictures", () => {
  const packed = {
    ...{ photometric: 1, width: 9, rowBytes: 9, samples: 1 },
    ...{ rows: 1, rowsPerPiece: 1, pieces: [new Uint8Array([0x80, 0])] },
  };
  for (const compression of [5, 32773]) {
    assertThrows(
      () => decodeStrips({ ...packed, compression }),
      Error,
      "0 bytes of 9",
    );
  }
  assertThrows(
    () => decodeStrips({ ...packed, compression: 7 }),
    Error,
    "JPEG or WebP",
  );
});
