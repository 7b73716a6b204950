import { assert, assertEquals, assertRejects } from "@std/assert";
import { crc32 } from "node:zlib";
import { fromFileUrl } from "@std/path";
import { FileError } from "@unet/errors";
import { decodeImage } from "../images/decode_image.ts";
import { openImage } from "../images/open_image.ts";
import type { OpenImageOptions } from "../images/opened_image.ts";
import type { Image } from "../types.ts";
import cases from "../fixtures/series.json" with { type: "json" };

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
  readonly notes: readonly string[];
  readonly names?: readonly string[];
  readonly planes?: number;
  readonly times?: number;
  readonly pixelSize?: readonly [number, number];
}

const fixture = (name: string): string =>
  fromFileUrl(new URL(`../fixtures/series/${name}`, import.meta.url));

function crcOf({ data }: Image): number {
  return crc32(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

for (const one of cases as unknown as Case[]) {
  const options = JSON.stringify(one.options);
  Deno.test(`openImage() reads ${one.about} (${one.file} with ${options})`, async () => {
    await using reader = await openImage(fixture(one.file), one.options);
    const { width, height, channels, depth } = reader;
    assertEquals([width, height, channels, depth], [
      ...[one.width, one.height, one.channels, one.depth],
    ]);
    assertEquals(crcOf(await reader.read(0, 0, width, height)), one.crc);
    assertEquals(reader.notes.map(({ text }) => text), one.notes);
    if (one.names) assertEquals(reader.channelNames, one.names);
    if (one.planes) assertEquals(reader.planes, one.planes);
    if (one.times) assertEquals(reader.times, one.times);
    if (one.pixelSize) {
      assertEquals(reader.pixelSize, {
        x: one.pixelSize[0],
        y: one.pixelSize[1],
      });
    }
  });
}

Deno.test("decodeImage() reads the same of files that need no other", async () => {
  let files = 0;
  for (const one of cases as unknown as Case[]) {
    if (/^(uuid|names|companion|index|both)\b/.test(one.file)) continue;
    const bytes = await Deno.readFile(fixture(one.file));
    const image = await decodeImage(bytes, one.file, one.options);
    assertEquals(crcOf(image), one.crc, one.file);
    files++;
  }
  assert(files > 40);
});

/** Files that are right and not read so, and the words for it. */
const refusals: readonly (readonly [string, OpenImageOptions, string])[] = [
  [
    "planar-two.tif",
    {},
    'found 2 channels (0 "channel 0", 1 "channel 1"), expected color or gray; choose one by `channel`: its number or name, or max or mean of all; or several by `channels`',
  ],
  [
    "contig-two.tif",
    {},
    'found 2 channels (0 "channel 0", 1 "channel 1"), expected color or gray; choose one by `channel`: its number or name, or max or mean of all; or several by `channels`',
  ],
  [
    "shaped-color-ZYX.tif",
    {},
    'found 3 channels (0 "channel 0", 1 "channel 1", 2 "channel 2"), expected color or gray; choose one by `channel`: its number or name, or max or mean of all; or several by `channels`',
  ],
  [
    "unread-yx2.tif",
    {},
    "found tifffile's array of shape (11, 13, 2), stored as pages of 2×13 pixels, expected rows and columns last; write it with its axes moved, or with planarconfig contig",
  ],
  [
    "unread-lzma.tif",
    {},
    "found an unsupported compression (LZMA), expected uncompressed, LZW, Deflate, PackBits, Zstandard, JPEG or WebP",
  ],
  [
    "unread-lerc.tif",
    {},
    "found an unsupported compression (LERC), expected uncompressed, LZW, Deflate, PackBits, Zstandard, JPEG or WebP",
  ],
  [
    "unread-jpeg2000.tif",
    {},
    "found an unsupported compression (JPEG 2000), expected uncompressed, LZW, Deflate, PackBits, Zstandard, JPEG or WebP",
  ],
  [
    "unread-png.tif",
    {},
    "found an unsupported compression (PNG), expected uncompressed, LZW, Deflate, PackBits, Zstandard, JPEG or WebP",
  ],
  [
    "unread-jpeg12.tif",
    {},
    "found an unsupported bit depth in JPEG (12), expected 8 bits",
  ],
  [
    "unread-complex.tif",
    {},
    "found an unsupported kind of values (complex or undefined), expected 1 to 32 or 64 bits, or floats of 16, 32 or 64",
  ],
  [
    "unread-cfa.tif",
    {},
    "found an unsupported color model (color filter array), expected gray, RGB, a palette, CMYK, or YCbCr in JPEG",
  ],
  [
    "unread-lab.tif",
    {},
    "found an unsupported color model (L*a*b*), expected gray, RGB, a palette, CMYK, or YCbCr in JPEG",
  ],
  [
    "unread-ycbcr.tif",
    {},
    "found an unsupported color model (YCbCr without JPEG), expected gray, RGB, a palette, CMYK, or YCbCr in JPEG",
  ],
  [
    "uuid-c0.ome.tif",
    { channel: 2 },
    'found 2 channels (0 "Phase", 1 "DAPI"), expected channel 2',
  ],
  [
    "../strays/uuid-c0.ome.tif",
    { channel: 1 },
    'found "uuid-c1.ome.tif" of identifier urn:uuid:00000000-0000-0000-0000-000000000002 beside it, expected urn:uuid:00000000-0000-0000-0000-000000000001, as the description has it; put the file that belongs to it there',
  ],
  [
    "../strays/copy.ome.tif",
    { channel: 0 },
    'found an OME-TIFF whose description names "names-c0.ome.tif", "names-c1.ome.tif", expected "copy.ome.tif" among them; give the file its name back',
  ],
  [
    "../strays/companion-t0.ome.tif",
    {},
    'found an OME-TIFF whose description lies in "absent.companion.ome", which is not beside it, expected all of its files in one folder',
  ],
  [
    "../strays/companion-t1.ome.tif",
    {},
    'found "well.companion.ome" of identifier urn:uuid:00000000-0000-0000-0000-000000000001 beside it, expected urn:uuid:00000000-0000-0000-0000-000000000003; put the file that belongs to it there',
  ],
  [
    "../strays/renamed.ome.tif",
    {},
    'found an OME-TIFF whose channel 0, plane 0 lies in "before.ome.tif", which is not beside it, expected all of its files in one folder',
  ],
  [
    "../strays/swapped-c0.ome.tif",
    { channel: 0 },
    'found "swapped-c0.ome.tif" of identifier urn:uuid:00000000-0000-0000-0000-000000000001 beside it, expected urn:uuid:00000000-0000-0000-0000-000000000000, as the description has it; put the file that belongs to it there',
  ],
  [
    "both-t0.ome.tif",
    {},
    'found 2 channels (0 "Phase", 1 "DAPI"), expected color or gray; choose one by `channel`: its number or name, or max or mean of all; or several by `channels`',
  ],
  ["frames.webp", { time: 3 }, "found times 0 to 2, expected time 3"],
  ["turned.png", { time: 1 }, "found one time, expected time 1"],
];

for (const [name, options, found] of refusals) {
  Deno.test(`openImage() refuses ${name} with ${JSON.stringify(options)}`, async () => {
    const path = fixture(name);
    const error = await assertRejects(
      () => openImage(path, options),
      FileError,
    );
    assertEquals(error.message, `Cannot read image "${path}": ${found}`);
  });
}

Deno.test("openImage() reads the channel of a file whose neighbor is another's", async () => {
  const path = fixture("../strays/uuid-c0.ome.tif");
  await using own = await openImage(path);
  await using same = await openImage(fixture("uuid-c0.ome.tif"));
  const { width, height } = own;
  assertEquals(
    await own.read(0, 0, width, height),
    await same.read(0, 0, width, height),
  );
});

Deno.test("openImage() knows a file under another's name by its identifier", async () => {
  await using reader = await openImage(
    fixture("../strays/swapped-c0.ome.tif"),
  );
  await using right = await openImage(fixture("uuid-c1.ome.tif"));
  const { width, height } = reader;
  assertEquals(
    await reader.read(0, 0, width, height),
    await right.read(0, 0, width, height),
  );
});

Deno.test("decodeImage() names the file that an image in memory lacks", async () => {
  const bytes = await Deno.readFile(fixture("uuid-c0.ome.tif"));
  await assertRejects(
    () => decodeImage(bytes, "uuid-c0.ome.tif", { channel: 1 }),
    FileError,
    'Cannot read image "uuid-c0.ome.tif": found an OME-TIFF whose channel 1, plane 0 lies in "uuid-c1.ome.tif", which is not beside it',
  );
});
