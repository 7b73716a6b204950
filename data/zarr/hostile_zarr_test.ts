import { assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { FileError } from "@unet/errors";
import { handmadeZip } from "../fixtures/handmade_zip.ts";
import { temporaryFolder } from "../fixtures/temporary_folder.ts";
import { openImage } from "../images/open_image.ts";
import { changeJson } from "./fixtures/change_json.ts";
import { unpackZarr } from "./fixtures/unpacked.ts";

/** Opens an image and reads a corner of it. */
async function read(path: string): Promise<void> {
  await using image = await openImage(path, { isReadWhole: true });
  await image.read(0, 0, 4, 4);
}

/** What is wrong with a copy of a fixture, and what is said of it. */
const damages: Record<
  string,
  readonly [fixture: string, damage: (root: string) => unknown, words: string]
> = {
  "a chunk that is cut off": [
    "zlib",
    (root) => Deno.truncate(join(root, "s0/0.0"), 9),
    "a damaged or unknown array (s0 0,0: unexpected end of file)",
  ],
  "a chunk of other bytes": [
    "plain",
    (root) => Deno.truncate(join(root, "s0/0.0"), 100),
    "a damaged or unknown array (s0 0,0",
  ],
  "a Blosc chunk that claims gigabytes": [
    "column",
    (root) => {
      const path = join(root, "s0/0.0"), bytes = Deno.readFileSync(path);
      new DataView(bytes.buffer).setUint32(4, 2 ** 31, true);
      Deno.writeFileSync(path, bytes);
    },
    "a chunk that unpacks to 2147483648 bytes",
  ],
  "an array without chunks that claims to be huge": [
    "zlib",
    (root) =>
      changeJson(join(root, "s0/.zarray"), (array) => {
        array.shape = [1_000_000, 1_000_000];
      }),
    "1863 GB of pixels in 511 bytes",
  ],
  "chunks that are huge": [
    "zlib",
    (root) =>
      changeJson(join(root, "s0/.zarray"), (array) => {
        array.chunks = [2 ** 20, 2 ** 20];
      }),
    "chunks of 1048576×1048576 pixels",
  ],
  "a shape of texts": [
    "zlib",
    (root) =>
      changeJson(join(root, "s0/.zarray"), (array) => {
        array.shape = [11, "15"];
      }),
    'shape [11,"15"] in s0/.zarray, expected 2 to 8 whole numbers from 1',
  ],
  "axes of another number": [
    "zlib",
    (root) =>
      changeJson(join(root, ".zattrs"), ({ multiscales: [image] }) => {
        image.axes.unshift({ name: "z", type: "space" });
      }),
    "3 axes in .zattrs and 2 in s0/.zarray",
  ],
  "a path that leads out of it": [
    "zlib",
    (root) =>
      changeJson(join(root, ".zattrs"), ({ multiscales: [image] }) => {
        image.datasets[0].path = "../other.zarr/s0";
      }),
    'the path "../other.zarr/s0" in its metadata',
  ],
  "a link that leads out of it": [
    "zlib",
    async (root) => {
      const chunk = join(root, "s0/0.0"), elsewhere = `${root}-chunk`;
      await Deno.rename(chunk, elsewhere);
      await Deno.symlink(elsewhere, chunk);
    },
    '"s0/0.0", a link that leads out of it',
  ],
  "metadata that are no JSON": [
    "zlib",
    (root) => Deno.writeTextFile(join(root, ".zattrs"), "{"),
    "text that is not JSON",
  ],
  "a missing level": [
    "v06",
    (root) => Deno.remove(join(root, "s0/zarr.json")),
    'no array at "s0", which zarr.json names as a level',
  ],
  "a version to come": [
    "v06",
    (root) =>
      changeJson(join(root, "zarr.json"), ({ attributes }) => {
        attributes.ome.version = "1.0";
      }),
    'OME-Zarr of version "1.0" in zarr.json, expected 0.1 to 0.6',
  ],
  "a codec that is not known": [
    "sharded",
    (root) =>
      changeJson(join(root, "s0/zarr.json"), ({ codecs }) => {
        codecs[0].configuration.codecs = [{ name: "secret" }];
      }),
    'the codec "secret" in s0/zarr.json, expected one of ',
  ],
  "two codecs that are not known": [
    "v05",
    (root) =>
      changeJson(join(root, "s0/zarr.json"), (array) => {
        array.codecs = [{ name: "secret" }, { name: "other" }];
      }),
    'the codec "secret" in s0/zarr.json',
  ],
  "a shard's index of two codecs that are not known": [
    "sharded",
    (root) =>
      changeJson(join(root, "s0/zarr.json"), ({ codecs }) => {
        codecs[0].configuration.index_codecs = [{ name: "a" }, { name: "b" }];
      }),
    'the codec "a" in s0/zarr.json',
  ],
  "a shard and another codec beside it": [
    "sharded",
    (root) =>
      changeJson(join(root, "s0/zarr.json"), ({ codecs }) => {
        codecs.push({ name: "crc32c" });
      }),
    "a shard beside or within other codecs in s0/zarr.json",
  ],
  "a filter and a compressor that are not known": [
    "zlib",
    (root) =>
      changeJson(join(root, "s0/.zarray"), (array) => {
        array.filters = [{ id: "secret" }];
        array.compressor = { id: "other" };
      }),
    'the codec "numcodecs.secret" in s0/.zarray',
  ],
  "an order of bytes that is not known": [
    "v05",
    (root) =>
      changeJson(join(root, "s0/zarr.json"), ({ codecs }) => {
        const bytes = codecs.find(({ name }: { name: string }) =>
          name === "bytes"
        );
        bytes.configuration = { endian: "middle" };
      }),
    'bytes of endian "middle" in s0/zarr.json, expected "little" or "big"',
  ],
  "names of chunks with another separator": [
    "plain",
    (root) =>
      changeJson(join(root, "s0/.zarray"), (array) => {
        array.dimension_separator = "/../";
      }),
    'the separator "/../" of chunks in s0/.zarray, expected "/" or "."',
  ],
  "names of chunks with another separator, of version 3": [
    "v05",
    (root) =>
      changeJson(
        join(root, "s0/zarr.json"),
        ({ chunk_key_encoding: encoding }) => {
          encoding.configuration = { separator: "-" };
        },
      ),
    'the separator "-" of chunks in s0/zarr.json, expected "/" or "."',
  ],
  "an order of values that is not known": [
    "plain",
    (root) =>
      changeJson(join(root, "s0/.zarray"), (array) => {
        array.order = "X";
      }),
    'the order "X" in s0/.zarray, expected "C" or "F"',
  ],
  "storage transformers": [
    "v05",
    (root) =>
      changeJson(join(root, "s0/zarr.json"), (array) => {
        array.storage_transformers = [{ name: "secret" }];
      }),
    'storage transformers [{"name":"secret"}] in s0/zarr.json, expected none',
  ],
  "a chunk that is a link to nothing": [
    "plain",
    async (root) => {
      await Deno.remove(join(root, "s0/0.0"));
      await Deno.symlink("../annex/none", join(root, "s0/0.0"));
    },
    '"s0/0.0", a link that leads nowhere',
  ],
  "a folder of chunks that is a link to nothing": [
    "sharded",
    async (root) => {
      await Deno.remove(join(root, "s0/c"), { recursive: true });
      await Deno.symlink("../annex/none", join(root, "s0/c"));
    },
    '"s0/c", a link that leads nowhere',
  ],
  "a chunk that is a folder": [
    "plain",
    async (root) => {
      await Deno.remove(join(root, "s0/0.0"));
      await Deno.mkdir(join(root, "s0/0.0"));
    },
    '"s0/0.0", a folder',
  ],
  "an axis that has no meaning": [
    "v06",
    (root) =>
      changeJson(join(root, "zarr.json"), ({ attributes }) => {
        attributes.ome.multiscales[0].coordinateSystems[0].axes[0] = {
          name: "angle",
          type: "other",
        };
      }),
    'an axis "angle" of 2 in zarr.json',
  ],
};

for (const [name, [fixture, damage, words]] of Object.entries(damages)) {
  Deno.test(`openImage() refuses an OME-Zarr with ${name}`, async () => {
    await using folder = await temporaryFolder();
    const root = await unpackZarr(fixture, folder.path);
    await damage(root);
    const error = await assertRejects(() => read(root), FileError);
    assertStringIncludes(error.message, words);
  });
}

Deno.test("openImage() refuses a zip with a path that leads out of it", async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, "a.zarr.zip");
  await Deno.writeFile(
    path,
    handmadeZip([
      { name: "zarr.json", content: new TextEncoder().encode("{}") },
      { name: "../c/0/0", content: new Uint8Array(4) },
    ]),
  );
  const error = await assertRejects(() => read(path), FileError);
  assertStringIncludes(error.message, "a path that leads out of the archive");
});

Deno.test("a reader refuses an OME-Zarr whose metadata change while it is open", async () => {
  await using folder = await temporaryFolder();
  const root = await unpackZarr("zlib", folder.path);
  await using image = await openImage(root);
  await image.read(0, 0, 2, 2);
  await changeJson(join(root, "s0/.zarray"), (array) => {
    array.chunks = [5, 5];
  });
  const error = await assertRejects(() => image.read(8, 8, 2, 2), FileError);
  assertStringIncludes(
    error.message,
    "metadata that changed after it was opened",
  );
});
