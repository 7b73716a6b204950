import { assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { FileError } from "@unet/errors";
import fc from "fast-check";
import { decodeImage } from "./decode_image.ts";
import { encodePng } from "./encode_png.ts";
import { openImage } from "./open_image.ts";

const fixture = (name: string): string =>
  fromFileUrl(new URL(`../fixtures/${name}`, import.meta.url));

/** Files whose channels lie in every way that a TIFF has. */
const files: readonly (readonly [file: string, channels: number])[] = [
  ["tiff/five-channels.tif", 5],
  ["tiff/imagej.tif", 2],
  ["tiff/planar-strips.tif", 3],
  ["tiff/planar-tiles.tif", 3],
  ["tiff/stack.ome.tif", 2],
  ["tiff/three-channels.ome.tif", 3],
  ["tiff/color.ome.tif", 3],
  ["tiff/rgba.tif", 4],
  ["tiff/pillow-p.tif", 3],
  ["series/contig-two.tif", 2],
  ["series/planar-two.tif", 2],
  ["series/names-c0.ome.tif", 2],
];

Deno.test("openImage() with channels gives what each channel alone gives, in the order that was chosen", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...files),
      fc.infiniteStream(fc.nat()),
      async ([file, count], random) => {
        const path = fixture(file), left = [...Array(count).keys()];
        const chosen: number[] = [];
        for (const [number] of zip(random, 1 + (random.next().value % count))) {
          chosen.push(...left.splice(number % left.length, 1));
        }
        await using reader = await openImage(path, { channels: chosen });
        const { width, height } = reader;
        const window = [
          width >> 2,
          height >> 2,
          width >> 1,
          height >> 1,
        ] as const;
        const all = await reader.read(...window);
        assertEquals([reader.channels, reader.isSeparate], [
          chosen.length,
          true,
        ]);
        assertEquals([all.channels, all.isSeparate], [chosen.length, true]);
        for (const [place, channel] of chosen.entries()) {
          await using single = await openImage(path, { channel });
          const { data, depth } = await single.read(...window);
          assertEquals(all.depth, depth);
          assertEquals(
            all.data.filter((_, at) => at % chosen.length === place),
            data,
          );
        }
      },
    ),
    { numRuns: 60 },
  );
});

function* zip(
  numbers: Iterator<number>,
  count: number,
): Generator<readonly [number]> {
  for (let at = 0; at < count; at++) yield [numbers.next().value as number];
}

Deno.test("decodeImage() with channels takes colors of a PNG by their names", async () => {
  const data = new Uint16Array([1, 2, 3, 40, 50, 60]);
  const png = await encodePng({
    width: 2,
    height: 1,
    channels: 3,
    depth: 16,
    data,
  });
  const image = await decodeImage(png, "a.png", { channels: ["blue", "red"] });
  assertEquals(image, {
    ...{ width: 2, height: 1, channels: 2, depth: 16, isSeparate: true },
    data: new Uint16Array([3, 1, 60, 40]),
  });
});

Deno.test("openImage() with channels names the channels that a file has, and refuses both options together", async () => {
  const path = fixture("tiff/stack.ome.tif");
  await assertRejects(
    () => openImage(path, { channels: ["DAPI", "Cy5"] }),
    FileError,
    'found 2 channels (0 "DAPI", 1 "FITC <488>"), expected a channel "Cy5"',
  );
  for (
    const [options, found] of [
      [{ channels: ["DAPI"], channel: 0 }, "channel beside channels"],
      [{ channels: [] }, "0 channels"],
      [{ channels: [-1] }, "channel -1"],
      [{ channels: [0.5] }, "channel 0.5"],
    ] as const
  ) {
    await assertRejects(
      () => openImage(path, options),
      RangeError,
      `Cannot open image: found ${found}, expected 1 to 128 names or whole numbers from 0`,
    );
  }
});

Deno.test("openImage() with channels takes pages without a description for channels, and says so", async () => {
  const path = fixture("tiff/pages.tif");
  await using planes = await openImage(path);
  assertEquals(planes.channelNames.length, 1);
  const channels = [planes.planes - 1, 0];
  await using reader = await openImage(path, { channels });
  assertEquals([reader.planes, reader.channels], [1, 2]);
  assertEquals(reader.notes, [{
    kind: "page-channels",
    text: `${planes.planes} pages without a description: read as channels 0 ` +
      `to ${planes.planes - 1}`,
  }]);
  const { width, height } = reader;
  const both = await reader.read(0, 0, width, height);
  for (const [place, plane] of channels.entries()) {
    await using single = await openImage(path, { plane });
    const { data } = await single.read(0, 0, width, height);
    assertEquals(both.data.filter((_, at) => at % 2 === place), data);
  }
  // A plane that is asked for is a plane.
  await assertRejects(
    () => openImage(path, { channels: [0, 1], plane: 0 }),
    FileError,
    "found 1 channel",
  );
});
