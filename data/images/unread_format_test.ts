import { assert, assertEquals, assertRejects } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { FileError } from "@unet/errors";
import { checkDataset } from "../dataset/check.ts";
import { openDataset } from "../dataset/dataset.ts";
import { encodePng } from "./encode_png.ts";
import { openImage } from "./open_image.ts";
import { openStack } from "./open_stack.ts";
import { conversionRemedy, unreadFormatOf } from "./unread_format.ts";

const fixture = (name: string): string =>
  fromFileUrl(new URL(`../fixtures/microscopes/${name}`, import.meta.url));

/** First bytes as their formats document them, for lack of small files. */
function bytesOf(text: string, at = 0): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(512).fill(1);
  bytes.set([...text].map((sign) => sign.charCodeAt(0)), at);
  return bytes;
}

const nd2 = bytesOf("\xda\xce\xbe\x0a\x20\0\0\0");
const lif = bytesOf("\x70\0\0\0\x41\x9b\x01\0\x2a\x9e\xcd\0\0<\0L\0");
const ole = bytesOf("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1");
const tiff = bytesOf("II*\0\x08\0\0\0");

Deno.test("unreadFormatOf() knows formats by their first bytes, whatever they are called", () => {
  const files = [
    [nd2, "a Nikon ND2 file"],
    [lif, "a Leica LIF file"],
    [bytesOf("OLYMPUSRAWFORMAT\x0c"), "an Olympus OIR file"],
    [bytesOf("SIS\0\x40"), "an Olympus ETS file"],
    [bytesOf("OMAS_BF\n\xff\xff"), "an Imspector file"],
  ] as const;
  for (const [bytes, words] of files) {
    assertEquals(unreadFormatOf(bytes, "a.png")?.words, words);
    assertEquals(unreadFormatOf(bytes, "a")?.words, words);
  }
});

Deno.test("unreadFormatOf() goes by the name where first bytes are those of many formats", () => {
  const jpeg2000 = bytesOf("\0\0\0\x0cjP  \r\n\x87\n");
  const deltaVision = bytesOf("\xa0\xc0", 96);
  const files = [
    [jpeg2000, "old.ND2", "a Nikon ND2 file"],
    [jpeg2000, "a.jp2", undefined],
    [lif, "a.lof", "a Leica LOF file"],
    [ole, "a.oib", "an Olympus OIB file"],
    [ole, "a.zvi", "a Zeiss ZVI file"],
    [ole, "a.doc", undefined],
    [bytesOf("\xff\xfe[\0F\0"), "a.oif", "an Olympus OIF file"],
    [tiff, "a.vsi", "an Olympus VSI file"],
    [tiff, "a.tif", undefined],
    [deltaVision, "a.dv", "a DeltaVision file"],
    [bytesOf("\xc0\xa0", 96), "a_D3D.r3d", "a DeltaVision file"],
    [deltaVision, "a.png", undefined],
    // What a file is called decides nothing alone.
    [bytesOf("\x89PNG\r\n\x1a\n"), "a.nd2", undefined],
    [new Uint8Array(), "a.lif", undefined],
  ] as const;
  for (const [bytes, name, words] of files) {
    assertEquals(unreadFormatOf(bytes, name)?.words, words, name);
  }
});

Deno.test("unreadFormatOf() knows files that other programs wrote", async () => {
  const known = [["cells.ims", "an Imaris file"], ["cells.mrc", "an MRC file"]];
  for (const [name = "", words] of known) {
    const bytes = await Deno.readFile(fixture(name));
    assertEquals(unreadFormatOf(bytes, name)?.words, words);
  }
});

Deno.test("conversionRemedy() gives a command that can be pasted, and no other", () => {
  const remedies = [
    [
      { plugin: "bioio-nd2" },
      "plates/a.nd2",
      "convert it: bioio-convert plates/a.nd2 -d plates (after pip install bioio-conversion bioio-nd2)",
    ],
    [
      {},
      "my plates/a.oib",
      'convert it: bioformats2raw "my plates/a.oib" "my plates/a.zarr" (after conda install -c ome bioformats2raw)',
    ],
    [
      {},
      "a.zvi",
      "convert it: bioformats2raw a.zvi a.zarr (after conda install -c ome bioformats2raw)",
    ],
    // A shell would run what is in it.
    [
      {},
      "$(rm -r x).oib",
      "convert it: bioformats2raw FILE FILE.zarr (after conda install -c ome bioformats2raw)",
    ],
    [
      { plugin: "bioio-lif" },
      undefined,
      "convert it: bioio-convert FILE -d FOLDER (after pip install bioio-conversion bioio-lif)",
    ],
  ] as const;
  for (const [format, path, remedy] of remedies) {
    assertEquals(conversionRemedy(format, path), remedy);
  }
});

Deno.test("openImage() and openStack() refuse a format that is not read by the command that converts it", async () => {
  const folder = await Deno.makeTempDir();
  for (
    const [name, bytes, words, remedy] of [
      ["a.nd2", nd2, "a Nikon ND2 file", "bioio-convert "],
      ["b.oib", ole, "an Olympus OIB file", "bioformats2raw "],
      // Its TIFF is a picture of the label.
      ["c.vsi", tiff, "an Olympus VSI file", "bioformats2raw "],
    ] as const
  ) {
    const path = `${folder}/${name}`;
    await Deno.writeFile(path, bytes);
    for (const open of [openImage, openStack]) {
      const { message } = await assertRejects(() => open(path), FileError);
      const start = `Cannot read image "${path}": found ${words}, expected ` +
        `PNG, JPEG, TIFF, WebP or GIF; convert it: ${remedy}${path}`;
      assert(message.startsWith(start), message);
    }
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a dataset reports an image that is not read, unless it lies beside what it was converted to", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/images`);
  await Deno.mkdir(`${folder}/masks`);
  const data = new Uint8Array([0, 255, 0, 255]);
  const png = await encodePng({
    ...{ width: 2, height: 2, channels: 1, depth: 8, data },
  });
  await Deno.writeFile(`${folder}/images/a.png`, png);
  await Deno.writeFile(`${folder}/images/a.nd2`, nd2);
  await Deno.writeFile(`${folder}/images/b.nd2`, nd2);
  for (const name of ["a", "b"]) {
    await Deno.writeFile(`${folder}/masks/${name}.png`, png);
  }
  const dataset = await openDataset(folder);
  const { faults } = await checkDataset(dataset);
  dataset.close();
  const errors = faults.filter(({ severity }) => severity === "error")
    .map((fault) => [fault.case, fault.message]);
  assertEquals(errors.length, 1);
  const [[id, message] = []] = errors;
  assertEquals(id, "b");
  assert(
    message?.includes("found a Nikon ND2 file") &&
      message.includes("bioio-convert "),
    message,
  );
  await Deno.remove(folder, { recursive: true });
});
