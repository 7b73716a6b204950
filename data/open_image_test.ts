import { assert, assertEquals, assertRejects } from "@std/assert";
import { crc32 } from "node:zlib";
import { fromFileUrl } from "@std/path";
import fc from "fast-check";
import { FileError } from "@unet/errors";
import { cropImage } from "./crop_image.ts";
import { decodeImage } from "./decode_image.ts";
import { encodePng } from "./encode_png.ts";
import { temporaryFolder } from "./fixtures/temporary_folder.ts";
import { openImage, type OpenImageOptions } from "./open_image.ts";
import type { Image } from "./types.ts";
import cases from "./fixtures/tiff.json" with { type: "json" };

/** What a fixture should give, as the script beside it wrote it. */
interface Case {
  readonly file: string;
  readonly about: string;
  readonly options: OpenImageOptions;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly depth: number;
  readonly crc: number;
  readonly tiled: boolean;
  readonly names?: readonly string[];
  readonly planes?: number;
  readonly times?: number;
  readonly levels?: readonly (readonly [number, number])[];
  readonly pixelSize?: readonly [number, number] | null;
}

const fixture = (name: string): string =>
  fromFileUrl(new URL(`fixtures/tiff/${name}`, import.meta.url));

function crcOf({ data }: Image): number {
  return crc32(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

for (const one of cases as unknown as Case[]) {
  Deno.test(`openImage() reads ${one.about} (${one.file}) as tifffile does`, async () => {
    await using reader = await openImage(fixture(one.file), one.options);
    const { width, height, channels, depth } = reader;
    assertEquals([width, height, channels, depth], [
      ...[one.width, one.height, one.channels, one.depth],
    ]);
    const whole = await reader.read(0, 0, width, height);
    assertEquals(crcOf(whole), one.crc);
    assertEquals(reader.tiled, one.tiled);
    if (one.names) assertEquals(reader.channelNames, one.names);
    if (one.planes) assertEquals(reader.planes, one.planes);
    if (one.times) assertEquals(reader.times, one.times);
    if (one.levels) {
      const sizes = reader.levels.map(({ width, height }) => [width, height]);
      assertEquals(sizes, one.levels as [number, number][]);
    }
    if (one.pixelSize !== undefined) {
      const size = reader.pixelSize;
      const found = size ? [size.x, size.y] : null;
      const digits = (sizes: readonly number[] | null) =>
        sizes?.map((each) => each.toPrecision(5));
      assertEquals(digits(found), digits(one.pixelSize));
    }
    const inside = fc.tuple(fc.nat(width - 1), fc.nat(height - 1)).chain(
      ([x, y]) =>
        fc.tuple(
          fc.constant(x),
          fc.constant(y),
          fc.integer({ min: 1, max: width - x }),
          fc.integer({ min: 1, max: height - y }),
        ),
    );
    await fc.assert(
      fc.asyncProperty(inside, async ([x, y, width, height]) => {
        const window = await reader.read(x, y, width, height);
        assertEquals(window, cropImage(whole, { x, y, width, height }));
      }),
      { numRuns: 8 },
    );
  });
}
