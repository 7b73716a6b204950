import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { ModelError } from "@unet/errors";
import { writeFile } from "@unet/files";
import { serializeTorch } from "./files/serialize_torch.ts";
import { recognizeForeignFile } from "./foreign_file.ts";
import { readModel } from "./load_model.ts";
import { decodeModel } from "./model_file.ts";
import { serializeSafetensors } from "./files/safetensors.ts";
import { parseWeights } from "./files/weights_file.ts";

/** The bytes of letters from 0 to 255. */
const letters = (text: string): Uint8Array =>
  Uint8Array.from(text, (letter) => letter.charCodeAt(0));

const words = (text: string): Uint8Array => new TextEncoder().encode(text);

const joined = (pieces: readonly Uint8Array[]): Uint8Array =>
  new Uint8Array(pieces.flatMap((piece) => [...piece]));

const tensor = { shape: [1], values: new Float32Array([1]) };
const torchFile = joined(serializeTorch(new Map([["a", tensor]])));

/** How Python's onnx 1.23 begins a file, without a producer and with one. */
const onnxFiles = [
  letters('\x08\x0e:3\n\x0a\x0a\x01x\x12\x01y"\x04Relu'),
  letters('\x08\x0e\x12\x07pytorch:3\n\x0a\x0a\x01x\x12\x01y"\x04Relu'),
] as const;

/** A zip's first record, of such a name. */
const zip = (name: string): Uint8Array =>
  letters(
    `PK\x03\x04${"\0".repeat(22)}${String.fromCharCode(name.length)}\0\0\0` +
      `${name}content`,
  );

for (
  const [what, bytes] of [
    ["an empty file", new Uint8Array()],
    ["a PNG image", letters("\x89PNG\r\n\x1a\n\0\0\0\rIHDR")],
    ["a JPEG image", letters("\xff\xd8\xff\xe1\0\x10Exif")],
    ["a TIFF image", letters("II*\0\x08\0\0\0")],
    ["a TIFF image", letters("MM\0*\0\0\0\x08")],
    ["a BigTIFF image", letters("II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0")],
    ["a WebP image", letters("RIFF\x10\0\0\0WEBPVP8 ")],
    ["a DICOM image", letters(`${"\0".repeat(128)}DICM`)],
    [
      "an HDF5 file, as Keras writes",
      letters("\x89HDF\r\n\x1a\n\0\0\0\0\0\x08\x08"),
    ],
    ["a NumPy array", letters("\x93NUMPY\x01\0v\0{'descr'")],
    ["a NumPy archive (npz)", zip("arr_0.npy")],
    ["a zip archive", zip("images/a.png")],
    ["a PyTorch file", torchFile],
    ["a PyTorch file", zip("archive/data.pkl")],
    ["a PyTorch file", letters("\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.")],
    ["a Python pickle", letters("\x80\x04\x95\x0b\0\0\0\0\0\0\0}\x94.")],
    ["an ONNX network", onnxFiles[0]],
    ["an ONNX network", onnxFiles[1]],
    ["a tar archive", letters(`a.png${"\0".repeat(252)}ustar\x0000`)],
    [
      "a Git LFS pointer, not the file itself",
      words(
        "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n" +
          "size 6900000\n",
      ),
    ],
    ["a web page (HTML)", words("\n<!DOCTYPE html>\n<html lang=de>")],
    ["a web page (HTML)", words("<HTML><body>404</body>")],
    ["an XML file", words('<?xml version="1.0"?><OME/>')],
    ["a JSON file", words('{"formatVersion": 1}')],
    ["a text file", words("epoch,loss\n1,0.5\n")],
    ["a text file", words("細胞".repeat(500))],
  ] as const
) {
  const begin = JSON.stringify(String.fromCharCode(...bytes.subarray(0, 12)));
  Deno.test(`recognizeForeignFile() finds ${what} in ${begin}`, () => {
    assertEquals(recognizeForeignFile(bytes)?.what, what);
    const { message } = assertThrows(
      () => decodeModel(bytes, "x"),
      ModelError,
    );
    assertEquals(
      message.split("; ")[0],
      `Cannot load model "x": found ${what}, expected a model that this ` +
        "program saved (model.safetensors)",
    );
  });
}

Deno.test("recognizeForeignFile() finds nothing in safetensors, nor in what it does not know", () => {
  const file = joined(serializeSafetensors(new Map([["a", tensor]]), {}));
  const noise = Uint8Array.from({ length: 64 }, (_, at) => 200 + at % 50);
  for (const bytes of [file, noise, letters("\0\0\0\0"), letters("\x01{")]) {
    assertEquals(recognizeForeignFile(bytes), undefined);
  }
});

Deno.test("decodeModel() and parseWeights() name no length that a file never had", () => {
  const noise = Uint8Array.from({ length: 64 }, (_, at) => 200 + at % 50);
  for (const read of [decodeModel, parseWeights]) {
    assertEquals(
      assertThrows(() => read(noise, "x"), ModelError).message,
      'Cannot read safetensors file "x": found bytes of an unknown format, ' +
        "expected a length and a header in JSON",
    );
  }
});

Deno.test("parseWeights() takes PyTorch's files, and says what others are", () => {
  assertEquals([...parseWeights(torchFile, "a.pth").tensors.keys()], ["a"]);
  assertEquals(
    assertThrows(() => parseWeights(onnxFiles[1], "a.pth"), ModelError)
      .message.split("; ")[0],
    'Cannot read weights "a.pth": found an ONNX network, expected ' +
      "safetensors or a PyTorch file",
  );
});

Deno.test("readModel() refuses a large file of another kind by its beginning", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "slide.svs");
  await writeFile(path, letters("II+\0\x08\0\0\0"));
  // More than any memory holds; the file system stores none of it.
  await Deno.truncate(path, 2 ** 42);
  const { message } = await assertRejects(() => readModel(path), ModelError);
  assertEquals(
    message,
    `Cannot load model "${path}": found a BigTIFF image, expected a model ` +
      "that this program saved (model.safetensors)",
  );
  await Deno.remove(folder, { recursive: true });
});

Deno.test("readModel() says how to use a PyTorch file", async () => {
  const path = join(await Deno.makeTempDir(), "best.pth");
  await writeFile(path, torchFile);
  const { message } = await assertRejects(() => readModel(path), ModelError);
  assertEquals(
    message.split("; ")[1],
    `train with \`weights ${path}\` starts from it`,
  );
});
