import { deflateSync, zstdCompressSync } from "node:zlib";
import { join } from "./_files.ts";
import {
  descriptionTag,
  grayTags,
  handmadeTiff,
  type TiffTag,
} from "./_tiff.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A gray page of 20×15 pixels with a description. */
function described(text: string, ...tags: readonly TiffTag[]): Uint8Array {
  return handmadeTiff({
    directories: [[...grayTags(20, 15), descriptionTag(text), ...tags]],
    data: new Uint8Array(300),
  });
}

/** OME-XML of 20×15 pixels around what stands in Pixels. */
function ome(sizes: string, inside = "", around = ""): Uint8Array {
  return described(
    `<OME>${around}<Image><Pixels DimensionOrder="XYZCT" SizeX="20" ` +
      `SizeY="15" ${sizes}>${inside}</Pixels></Image></OME>`,
  );
}

/** A page of tiles that all lie in the same stored bytes. */
function tiles(
  side: number,
  tile: number,
  stored: Uint8Array,
  tags: readonly TiffTag[],
): Uint8Array {
  const count = Math.ceil(side / tile) ** 2;
  const same = (value: number): number[] =>
    Array.from({ length: count }, () => value);
  return handmadeTiff({
    directories: [[
      [256, 4, [side]],
      [257, 4, [side]],
      [262, 3, [1]],
      [277, 3, [1]],
      [322, 4, [tile]],
      [323, 4, [tile]],
      [324, 4, same(8)],
      [325, 4, same(stored.length)],
      ...tags,
    ]],
    data: stored,
  });
}

const deflated: readonly TiffTag[] = [[258, 3, [8]], [259, 3, [8]]];
const zstdFloats: readonly TiffTag[] = [
  [258, 3, [32]],
  [259, 3, [50000]],
  [339, 3, [3]],
];

/** Directories that begin 64 bytes after one another, each of 700 tags. */
function overlappingDirectories(count: number): Uint8Array {
  const bytes = new Uint8Array(60_000), view = new DataView(bytes.buffer);
  bytes.set([0x49, 0x49, 42, 0, 8, 0, 0, 0]);
  for (let index = 0; index < count; index++) {
    const at = 8 + index * 64;
    view.setUint16(at, 700, true);
    view.setUint32(at + 2 + 700 * 12, at + 64, true);
  }
  return bytes;
}

/** Small files that ask for much time or memory, and what is found in them. */
export const tiffBombs: Readonly<Record<string, [() => Uint8Array, RegExp]>> = {
  "directories that overlap": [
    () => overlappingDirectories(800),
    /directories that overlap, at 8 and 72/,
  ],
  "smaller copies that overlap": [
    () => {
      const tags = grayTags(20, 15);
      const offsets = Array.from({ length: 60 }, (_, at) => 308 + 4 * at);
      return handmadeTiff({
        directories: [[...tags, [330, 4, offsets]]],
        data: new Uint8Array(2000),
      });
    },
    /directories that overlap, at 308 and 312/,
  ],
  "tiles of a gigabyte in the same 33 KB": [
    () =>
      tiles(
        32768,
        16384,
        zstdCompressSync(new Uint8Array(2 ** 30)),
        zstdFloats,
      ),
    /found 1.0 GB of pixels in 32 KB of a tile or strip, expected at most 300 times/,
  ],
  "tiles of 100,000×100,000 pixels in the same bytes": [
    () => tiles(100_000, 256, deflateSync(new Uint8Array(65536)), deflated),
    /152880 of 152881 tiles that share the bytes of others/,
  ],
  "tiles without bytes, each of a gigabyte": [
    () => tiles(32768, 16384, new Uint8Array(0), zstdFloats),
    /found 1.0 GB of pixels in 0 bytes of a tile or strip/,
  ],
  "a thousand values per pixel in tiles of 16 megapixels": [
    () =>
      tiles(4096, 4096, new Uint8Array(8), [
        [258, 3, [8]],
        [259, 3, [1]],
        [277, 3, [1000]],
      ]),
    /found 16 GB of pixels|pieces of 4096×4096 pixels|choose a channel/,
  ],
  "a stack of ImageJ's with one page": [
    () => described("ImageJ=1.54\nimages=16000000\nslices=16000000\n"),
    /16000000 pages of 300 bytes in a file of \d+/,
  ],
  "channels of ImageJ's with one page": [
    () => described("ImageJ=1.54\nimages=16000000\nchannels=16000000\n"),
    /16000000 channels|16000000 pages of 300 bytes/,
  ],
  "an array of tifffile's with one page": [
    () =>
      described(
        '{"shape": [5000000000, 15, 20], "axes": "CYX", "truncated": true}',
      ),
    /5000000000 pages of 300 bytes in a file of \d+/,
  ],
  "an OME-XML of 16 million planes in one TiffData": [
    () => ome('SizeZ="4096" SizeT="4096"', '<TiffData PlaneCount="16777216"/>'),
    /16777216 pages in OME-XML of a file of \d+ bytes/,
  ],
  "an OME-XML of TiffData that name the same pages": [
    () =>
      ome(
        'SizeZ="1000000"',
        '<TiffData IFD="0" PlaneCount="2"/>'.repeat(30_000),
      ),
    /more than 1024 TiffData that overlap/,
  ],
  "an OME-XML of many images of many channels": [
    () =>
      described(
        `<OME>${
          '<Image><Pixels SizeC="100000"/></Image>'.repeat(10_000)
        }</OME>`,
      ),
    /more than 262144 channels/,
  ],
  "an OME-XML of elements in one another": [
    () => ome("", `${"<a>".repeat(50_000)}${"</a>".repeat(50_000)}`),
    /elements nested more than 128 deep/,
  ],
  "an OME-XML of entities that double": [
    () =>
      described(
        `<!DOCTYPE OME [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><OME>&b;</OME>`,
      ),
    /undefined entity/,
  ],
  "an OME-XML whose order of dimensions is a megabyte": [
    () =>
      ome(`SizeC="1"`).length > 0
        ? described(
          `<OME><Image><Pixels DimensionOrder="${
            "X".repeat(1e6)
          }"/></Image></OME>`,
        )
        : new Uint8Array(0),
    /DimensionOrder X{50,200}…/,
  ],
};

/** Files that look like bombs and are what laboratories have. */
export const tiffGiants: Readonly<Record<string, () => Uint8Array>> = {
  "a slide of 100,000×100,000 pixels, all but one tile missing": () => {
    const count = Math.ceil(100_000 / 256) ** 2;
    const stored = deflateSync(new Uint8Array(65536).fill(7));
    const once = (value: number): number[] =>
      Array.from({ length: count }, (_, at) => at === 0 ? value : 0);
    return handmadeTiff({
      directories: [[
        [256, 4, [100_000]],
        [257, 4, [100_000]],
        [262, 3, [1]],
        [277, 3, [1]],
        [322, 4, [256]],
        [323, 4, [256]],
        [324, 4, once(8)],
        [325, 4, once(stored.length)],
        ...deflated,
      ]],
      data: stored,
    });
  },
  "a black mask of 10,000×10,000 pixels in one strip": () => {
    const stored = deflateSync(new Uint8Array(1e8));
    return handmadeTiff({
      directories: [[
        ...grayTags(10_000, 10_000),
        [259, 3, [8]],
        [273, 4, [8]],
        [279, 4, [stored.length]],
      ]],
      data: stored,
    });
  },
  "an OME-XML with annotations of others": () =>
    ome(
      'SizeZ="1"',
      '<TiffData IFD="0"/>',
      `<StructuredAnnotations>${
        "<XMLAnnotation><Value><a><b/></a></Value></XMLAnnotation>".repeat(1000)
      }</StructuredAnnotations>`,
    ),
  "an uncompressed stack of ImageJ's with one directory": () =>
    join([
      handmadeTiff({
        directories: [[
          ...grayTags(20, 15),
          descriptionTag("ImageJ=1.54\nimages=50\nslices=50\n"),
        ]],
        data: encode("\0".repeat(300)),
      }),
      new Uint8Array(50 * 300),
    ]),
};
