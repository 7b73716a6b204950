import {
  assert,
  assertEquals,
  assertLess,
  assertMatch,
  assertRejects,
} from "@std/assert";
import { type Image, openImage, type OpenImageOptions } from "@unet/data";
import { FileError } from "@unet/errors";
import { createRandom } from "@unet/random";
import {
  descriptionTag,
  grayTags,
  handmadeTiff,
  type TiffTag,
} from "./_tiff.ts";

const fixture = (name: string): Promise<Uint8Array> =>
  Deno.readFile(
    new URL(`../../data/fixtures/tiff/${name}.tif`, import.meta.url),
  );

/** Files of each kind of storing, and what is read of them. */
const files: readonly (readonly [string, OpenImageOptions])[] = [
  ["strips-u2", {}],
  ["tiles-f4-big-endian", {}],
  ["lzw-predictor-u2", {}],
  ["deflate-u1", {}],
  ["packbits-u2", {}],
  ["zstd-predictor-u2", {}],
  ["planar-tiles", {}],
  ["jpeg-420", {}],
  ["webp", {}],
  ["stack.ome", { channel: 1, plane: "max" }],
  ["pyramid.ome", { level: 1 }],
  ["slide", { level: 1 }],
  ["imagej-one-directory", { channel: 0, plane: 2 }],
  ["pillow-p", {}],
];

let folder: string;
let written = 0;

Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir({ prefix: "unet-" });
});

Deno.test.afterAll(async () => {
  await Deno.remove(folder, { recursive: true });
});

async function write(bytes: Uint8Array): Promise<string> {
  const path = `${folder}/${written++ % 4}.tif`;
  await Deno.writeFile(path, bytes);
  return path;
}

/** The most of an image that is read, however large it says it is. */
const most = 256;

/** Reads an image, or the error in the grammar of all errors. */
async function attempt(
  bytes: Uint8Array,
  options: OpenImageOptions,
): Promise<Image | FileError> {
  const path = await write(bytes);
  try {
    await using reader = await openImage(path, options);
    const width = Math.min(most, reader.width);
    const height = Math.min(most, reader.height);
    const image = await reader.read(0, 0, width, height);
    assertEquals(image.data.length, width * height * reader.channels);
    return image;
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    assertMatch(error.message, /^Cannot read image "[^"]+": found [^\n]+$/);
    return error;
  }
}

for (const [name, options] of files) {
  Deno.test(`${name}.tif cut off anywhere is refused, or has the right pixels`, async () => {
    const bytes = await fixture(name);
    const whole = await attempt(bytes, options);
    assert(!(whole instanceof FileError));
    const step = Math.ceil(bytes.length / 150);
    let refused = 0;
    for (let length = 0; length < bytes.length; length += step) {
      const found = await attempt(bytes.subarray(0, length), options);
      if (found instanceof FileError) refused++;
      else assertEquals(found, whole, `${length} bytes`);
    }
    // What follows the last pixel that is asked for may be missing.
    assert(refused > 75, `${refused}`);
  });

  Deno.test(`${name}.tif with flipped bytes is read or refused, never more`, async () => {
    const bytes = await fixture(name), random = createRandom(3);
    let most = 0;
    for (let round = 0; round < 400; round++) {
      const flipped = bytes.slice();
      const flips = 1 + Math.floor(3 * random.next());
      // Half of them where the tags are, which the pixels outnumber.
      const tags = round % 2 === 0 ? tagsOf(bytes) : [0, bytes.length];
      for (let flip = 0; flip < flips; flip++) {
        const at = Math.floor(
          tags[0]! + random.next() * (tags[1]! - tags[0]!),
        );
        flipped[at] = Math.floor(256 * random.next());
      }
      await attempt(flipped, options);
      // Of this test's own isolate; other tests run beside it.
      most = Math.max(most, Deno.memoryUsage().external);
    }
    // A count that a file lies about would take gigabytes.
    assertLess(most, 100e6);
  });
}

/** Where the first directory lies. */
function tagsOf(bytes: Uint8Array): readonly [number, number] {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const isLittle = bytes[0] === 0x49,
    isBig = view.getUint16(2, isLittle) === 43;
  const start = isBig
    ? Number(view.getBigUint64(8, isLittle))
    : view.getUint32(4, isLittle);
  return [start, Math.min(bytes.length, start + (isBig ? 300 : 200))];
}

const pixels = Uint8Array.from({ length: 300 }, (_, at) => at % 251);

/** A gray image of 20×15 in strips of 5 rows, with these tags instead. */
const gray = (...tags: TiffTag[]): Uint8Array =>
  handmadeTiff({
    directories: [[...grayTags(20, 15, 5), ...tags]],
    data: pixels,
  });

/** An OME-TIFF of one page, with these attributes and elements. */
const ome = (attributes: string, inside = "", start = ""): Uint8Array =>
  gray(descriptionTag(
    `${start}<OME UUID="urn:a"><Image><Pixels DimensionOrder="XYZCT" ` +
      `${attributes}>${inside}</Pixels></Image></OME>`,
  ));

/** Files that lie, and what is found. */
const lies: readonly (readonly [string, () => Uint8Array, RegExp])[] = [
  ["too few strips", () => gray([273, 4, [8, 108]]), /2 strips of 3/],
  ["too few byte counts", () => gray([279, 4, [100]]), /1 strips of 3/],
  [
    "no offsets",
    () =>
      handmadeTiff({
        directories: [grayTags(20, 15, 5).filter(([tag]) => tag !== 273)],
        data: pixels,
      }),
    /no offsets of strips/,
  ],
  [
    "offsets beyond the file",
    () => gray([273, 4, [8, 108, 90_000]]),
    /100 bytes at 90000 of a file of \d+/,
  ],
  [
    "byte counts too small",
    () => gray([279, 4, [100, 99, 100]]),
    /strip 1 of 99 bytes/,
  ],
  ["no width", () => gray([256, 4, [0]]), /0×15 pixels/],
  [
    "strips for far more rows",
    () => gray([257, 4, [2_000_000_000]]),
    /3 strips of 400000000/,
  ],
  [
    "absurd sides",
    () => gray([256, 4, [2 ** 32 - 1]], [257, 4, [2 ** 32 - 1]]),
    /4294967295×4294967295 pixels/,
  ],
  [
    "rows longer than the file",
    () => gray([256, 4, [2_000_000_000]]),
    /pieces of 2000000000×15 pixels, expected at most/,
  ],
  [
    "tiles larger than memory",
    () =>
      gray(
        [256, 4, [60_000]],
        [257, 4, [60_000]],
        [322, 4, [60_000]],
        [323, 4, [60_000]],
        [324, 4, [8]],
        [325, 4, [300]],
      ),
    /pieces of 60000×60000 pixels, expected at most 268435456 in all/,
  ],
  [
    "tiles of nothing",
    () => gray([322, 4, [0]], [323, 4, [16]], [324, 4, [8]], [325, 4, [300]]),
    /0×16 pixels per tile/,
  ],
  [
    "a packed tile of far more than its bytes can hold",
    () =>
      gray(
        [259, 3, [8]],
        [256, 4, [16_000]],
        [257, 4, [16_000]],
        [322, 4, [16_000]],
        [323, 4, [16_000]],
        [324, 4, [8]],
        [325, 4, [300]],
      ),
    /256000000 bytes in 300/,
  ],
  ["65535 samples", () => gray([277, 3, [65535]]), /65535 values a pixel/],
  ["bytes that are not Deflate's", () => gray([259, 3, [8]]), /strip at row 0/],
  ["bytes that are not LZW's", () => gray([259, 3, [5]]), /strip at row 0/],
  ["bytes that are not JPEG's", () => gray([259, 3, [7]]), /strip at row 0/],
  [
    "bytes that are not Zstandard's",
    () => gray([259, 3, [50000]]),
    /strip at row 0/,
  ],
  [
    "JPEG 2000",
    () => gray([259, 3, [33003]]),
    /an unsupported compression \(JPEG 2000\), expected uncompressed, LZW/,
  ],
  [
    "a directory that follows itself",
    () =>
      handmadeTiff({
        directories: [grayTags(20, 15)],
        data: pixels,
        next: ([first]) => first!,
      }),
    /directories in a circle/,
  ],
  [
    "directories that follow each other",
    () =>
      handmadeTiff({
        directories: [grayTags(20, 15), grayTags(20, 15), grayTags(20, 15)],
        data: pixels,
        next: ([, second]) => second!,
      }),
    /directories in a circle/,
  ],
  [
    "a directory beyond the file",
    () =>
      handmadeTiff({
        directories: [grayTags(20, 15)],
        data: pixels,
        next: 1_000_000,
      }),
    /2 bytes at 1000000/,
  ],
  ["no directory", () => handmadeTiff({ directories: [] }), /no directory/],
  [
    "a directory of a BigTIFF at 2⁶⁰",
    () =>
      handmadeTiff({
        directories: [grayTags(20, 15)],
        big: true,
        next: 2 ** 60,
      }),
    /8 bytes at 1152921504606847000/,
  ],
  [
    "OME-XML that ends early",
    () => gray(descriptionTag("<OME><Image>")),
    /a damaged TIFF \(OME-XML: /,
  ],
  [
    "OME-XML of a hundred thousand elements in one another",
    () => gray(descriptionTag(`<OME>${"<a>".repeat(100_000)}`)),
    /a damaged TIFF \(OME-XML: /,
  ],
  [
    "OME-XML of entities that multiply",
    () => {
      const entities = Array.from(
        { length: 20 },
        (_, at) => `<!ENTITY e${at + 1} "${`&e${at};`.repeat(10)}">`,
      );
      const start = `<!DOCTYPE OME [<!ENTITY e0 "${"a".repeat(999)}">${
        entities.join("")
      }]>`;
      return ome('SizeC="1"', "&e20;", start);
    },
    /a damaged TIFF \(OME-XML: /,
  ],
  [
    "OME-XML of more planes than fit anywhere",
    () => ome('SizeZ="1000000" SizeT="1000000"'),
    /OME-XML: 1×1000000×1000000 pages/,
  ],
  [
    "OME-XML of a page that is not there",
    () => ome("", '<TiffData IFD="4"/>'),
    /page 4 of 1/,
  ],
  [
    "OME-XML that names no page",
    () => ome('SizeZ="2"', '<TiffData IFD="0" FirstZ="1"/>'),
    /no page of channel 0, plane 0/,
  ],
  [
    "OME-XML whose page lies in another file",
    () =>
      ome(
        "",
        '<TiffData IFD="0"><UUID FileName="b.tif">urn:b</UUID></TiffData>',
      ),
    /channel 0, plane 0 lies in "b.tif", which is not beside it, expected all/,
  ],
  [
    "OME-XML whose page lies in another file that nothing names",
    () => ome("", '<TiffData IFD="0"><UUID>urn:b</UUID></TiffData>'),
    /channel 0, plane 0 lies in another file, which it does not name/,
  ],
  ...["../b.tif", "/etc/b.tif", "..\\b.tif", "C:b.tif", "..", "a&#10;b"].map(
    (name): readonly [string, () => Uint8Array, RegExp] => [
      `OME-XML whose page lies in ${name}`,
      () =>
        ome(
          "",
          `<TiffData IFD="0"><UUID FileName="${name}">urn:b</UUID></TiffData>`,
        ),
      /OME-XML that leads to ".+", expected the name of a file in the image's own folder/,
    ],
  ),
  [
    "OME-XML in another file that is not there",
    () => gray(descriptionTag('<OME><BinaryOnly MetadataFile="a.ome"/></OME>')),
    /whose description lies in "a.ome", which is not beside it/,
  ],
  [
    "OME-XML in another file outside of the folder",
    () =>
      gray(
        descriptionTag('<OME><BinaryOnly MetadataFile="../a.ome"/></OME>'),
      ),
    /OME-XML that leads to "..\/a.ome", expected the name of a file/,
  ],
  [
    "OME-XML in another file without a name",
    () => gray(descriptionTag("<OME><BinaryOnly/></OME>")),
    /OME-XML that leads to "", expected the name of a file/,
  ],
  [
    "OME-XML of two channels, of which one has a page",
    () => ome('SizeC="2"', '<TiffData IFD="0"/>'),
    /found 2 channels \(0 "channel 0", 1 "channel 1"\), expected color or gray/,
  ],
  [
    "OME-XML of color that the page lacks",
    () => ome('SizeC="3"', '<Channel SamplesPerPixel="3"/>'),
    /1 channels on pages, 3 in OME-XML/,
  ],
  [
    "OME-XML of more channels than memory holds",
    () => ome('SizeC="1048576"', '<TiffData IFD="0"/>'),
    /more than 262144 channels/,
  ],
  [
    "OME-XML of more pages than its bytes can hold",
    () => ome('SizeZ="4096" SizeT="4096"'),
    /16777216 pages in OME-XML of a file of \d+ bytes/,
  ],
  [
    "OME-XML that says so of one TiffData",
    () => ome('SizeZ="4096" SizeT="4096"', '<TiffData PlaneCount="16777216"/>'),
    /16777216 pages in OME-XML of a file of \d+ bytes/,
  ],
  [
    "ImageJ's description of no number",
    () => gray(descriptionTag("ImageJ=1.53\nchannels=many\n")),
    /channels=many/,
  ],
  [
    "a smaller copy at nowhere",
    () => gray([330, 4, [5_000_000]]),
    /2 bytes at 5000000/,
  ],
];

for (const [name, make, found] of lies) {
  Deno.test(`a TIFF with ${name} is refused before memory is taken`, async () => {
    const bytes = make();
    const before = Deno.memoryUsage().external;
    const error = await attempt(bytes, {});
    assert(error instanceof FileError, name);
    assertMatch(error.message, found);
    assertLess(Deno.memoryUsage().external - before, 200e6);
  });
}

Deno.test("a TIFF that names itself its smaller copy has one level", async () => {
  const bytes = handmadeTiff({
    directories: [[...grayTags(20, 15), [330, 4, [8 + 300]]]],
    data: pixels,
  });
  await using reader = await openImage(await write(bytes));
  assertEquals(reader.levels.length, 1);
});

Deno.test("a TIFF with room for more strips than it has is read", async () => {
  const image = await attempt(
    gray([273, 4, [8, 108, 208, 0, 0]], [279, 4, [100, 100, 100, 0, 0]]),
    {},
  );
  assert(!(image instanceof FileError));
  assertEquals(image.data, pixels);
});

Deno.test("tiles that were never written are black", async () => {
  const bytes = gray(
    ...([[322, 4, [16]], [323, 4, [16]], [324, 4, [8, 0]]] as TiffTag[]),
    [325, 4, [256, 0]],
  );
  const image = await attempt(bytes, {});
  assert(!(image instanceof FileError));
  assertEquals([...image.data.subarray(14, 22)], [14, 15, 0, 0, 0, 0, 16, 17]);
});

Deno.test("strips without byte counts are read where nothing is packed", async () => {
  const bytes = handmadeTiff({
    directories: [grayTags(20, 15, 5).filter(([tag]) => tag !== 279)],
    data: pixels,
  });
  const image = await attempt(bytes, {});
  assert(!(image instanceof FileError));
  assertEquals(image.data, pixels);
});

Deno.test("a damaged strip is reported where it is read, and nowhere else", async () => {
  const tags = grayTags(20, 150, 5);
  const offsets = Array.from({ length: 30 }, (_, at) => at < 29 ? 8 : 90_000);
  const bytes = handmadeTiff({
    directories: [[...tags, [273, 4, offsets]]],
    data: pixels,
  });
  await using reader = await openImage(await write(bytes));
  assertEquals((await reader.read(0, 3, 20, 2)).data, pixels.slice(60, 100));
  await assertRejects(() => reader.read(0, 149, 20, 1), FileError, "90000");
  assertEquals((await reader.read(0, 3, 20, 2)).data, pixels.slice(60, 100));
});

Deno.test("a file of many bytes that could only be read whole is refused", async () => {
  const path = await write(gray([262, 3, [3]]));
  const before = Deno.memoryUsage().external;
  // The file takes no room on the disk: nothing is written into its end.
  await Deno.truncate(path, 5_000_000_000);
  await assertRejects(
    () => openImage(path),
    FileError,
    "found 5000000000 bytes that can only be read whole, expected at most 2147483648",
  );
  assertLess(Deno.memoryUsage().external - before, 200e6);
});

/** An OME-TIFF of planes in so many files, each of 20×15 pixels. */
async function writeFiles(count: number): Promise<string> {
  const place = await Deno.makeTempDir({ dir: folder });
  const entries = Array.from(
    { length: count },
    (_, plane) =>
      `<TiffData IFD="0" FirstZ="${plane}"><UUID FileName="${plane}.tif"/></TiffData>`,
  );
  const bytes = ome(`SizeZ="${count}"`, entries.join(""));
  for (let plane = 0; plane < count; plane++) {
    await Deno.writeFile(`${place}/${plane}.tif`, plane === 0 ? bytes : gray());
  }
  return place;
}

Deno.test("an image in more files than may be open at once is refused, one plane of it read", async () => {
  const place = await writeFiles(140);
  await assertRejects(
    () => openImage(`${place}/0.tif`, { plane: "max" }),
    FileError,
    "found pages in more than 128 files, expected fewer to read at once; choose one plane, or join the files",
  );
  await using reader = await openImage(`${place}/0.tif`, { plane: 139 });
  assertEquals((await reader.read(0, 0, 20, 15)).data, pixels);
});

Deno.test("a file that changes is noticed where it holds another plane of the image", async () => {
  const place = await writeFiles(3);
  await using reader = await openImage(`${place}/0.tif`, {
    plane: "max",
    cacheBytes: 0,
  });
  await reader.read(0, 0, 20, 15);
  await Deno.writeFile(`${place}/2.tif`, new Uint8Array(9), { append: true });
  const error = await assertRejects(
    () => reader.read(0, 0, 20, 15),
    FileError,
    "a file that changed after it was opened",
  );
  assertMatch(error.message, /^Cannot read image ".+2\.tif"/);
});

/** Ways in which a file is another than it was. */
const changes: Record<
  string,
  (path: string, bytes: Uint8Array) => Promise<void>
> = {
  "replaced by another": async (path, bytes) => {
    await Deno.writeFile(`${path}.new`, bytes);
    await Deno.rename(`${path}.new`, path);
  },
  "cut off": (path, bytes) => Deno.truncate(path, bytes.length / 2),
  "made longer": (path) =>
    Deno.writeFile(path, new Uint8Array(9), { append: true }),
  "written again with other bytes": async (path, bytes) => {
    await Deno.writeFile(path, bytes.map((byte) => byte ^ 1));
    await Deno.utime(path, new Date(), new Date(Date.now() + 5000));
  },
  "removed": (path) => Deno.remove(path),
};

for (const [name, change] of Object.entries(changes)) {
  Deno.test(`a TIFF that is ${name} while it is read is refused`, async () => {
    const bytes = await fixture("lzw-predictor-u2");
    const path = `${folder}/changing.tif`;
    await Deno.writeFile(path, bytes);
    await using reader = await openImage(path, { cacheBytes: 0 });
    await reader.read(0, 0, 20, 20);
    await change(path, bytes);
    const error = await assertRejects(
      () => reader.read(0, 16, 20, 20),
      FileError,
    );
    assertMatch(
      error.message,
      /^Cannot read image "[^"]+": found (a file that changed after it was opened, |no such file|a damaged TIFF )/,
    );
  });
}
