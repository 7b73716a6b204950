/** A file that is no safetensors file, by its first bytes. */
export interface ForeignFile {
  /** What it is, as in "a PNG image". */
  readonly what: string;
  /** Whether it holds weights in one of PyTorch's formats. */
  readonly isTorch: boolean;
  /** What to do about it, where that follows from what it is. */
  readonly remedy?: string;
}

/** As many bytes as {@linkcode recognizeForeignFile} looks at. */
export const recognizedBytes = 1024;

/** Bytes that a kind of file has at a place; texts stand for their letters. */
type Signature = readonly [at: number, bytes: string];

/** Kinds of files by their signatures; the first that fits is taken. */
const kinds: readonly (readonly [what: string, ...Signature[]])[] = [
  ["a PNG image", [0, "\x89PNG\r\n\x1a\n"]],
  ["a JPEG image", [0, "\xff\xd8\xff"]],
  ["a TIFF image", [0, "II*\0"]],
  ["a TIFF image", [0, "MM\0*"]],
  ["a BigTIFF image", [0, "II+\0"]],
  ["a BigTIFF image", [0, "MM\0+"]],
  ["a GIF image", [0, "GIF8"]],
  ["a WebP image", [0, "RIFF"], [8, "WEBP"]],
  ["a Zeiss CZI image", [0, "ZISRAWFILE"]],
  ["a Nikon ND2 image", [0, "\xda\xce\xbe\x0a"]],
  ["a DICOM image", [128, "DICM"]],
  ["an HDF5 file, as Keras writes", [0, "\x89HDF\r\n\x1a\n"]],
  ["a TensorFlow Lite model", [4, "TFL3"]],
  ["a GGUF model", [0, "GGUF"]],
  ["a NumPy array", [0, "\x93NUMPY"]],
  ["a PDF document", [0, "%PDF"]],
  ["a gzip file", [0, "\x1f\x8b"]],
  ["a bzip2 file", [0, "BZh"]],
  ["an xz file", [0, "\xfd7zXZ\0"]],
  ["a 7z archive", [0, "7z\xbc\xaf\x27\x1c"]],
  ["a RAR archive", [0, "Rar!\x1a\x07"]],
  ["a tar archive", [257, "ustar"]],
];

/**
 * Recognizes a file of another kind by its first bytes, so that a person who
 * names the wrong file is not given a fault of safetensors' header.
 *
 * @param start The first {@linkcode recognizedBytes} bytes of a file, or all of
 * a shorter one; more are not looked at.
 * @returns What it is, or nothing where it may be a safetensors file or is of
 * no kind that is known.
 *
 * @example
 * ```ts
 * import { recognizeForeignFile } from "@unet/model";
 * import { assertEquals } from "@std/assert";
 *
 * const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xe0]);
 * assertEquals(recognizeForeignFile(jpeg)?.what, "a JPEG image");
 * ```
 */
export function recognizeForeignFile(
  start: Uint8Array,
): ForeignFile | undefined {
  const bytes = start.subarray(0, recognizedBytes);
  if (bytes.length === 0) return foreign("an empty file");
  // Letters from 0 to 255, one for each byte.
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  // A safetensors file: eight bytes of a length, then an object in JSON.
  if (text[8] === "{" && text[7] === "\0") return undefined;
  return recognizeWeights(bytes, text) ?? recognizeKind(text) ??
    recognizeText(bytes);
}

function foreign(what: string, remedy?: string): ForeignFile {
  return { what, isTorch: false, ...(remedy !== undefined && { remedy }) };
}

function recognizeKind(text: string): ForeignFile | undefined {
  const kind = kinds.find(([, ...signatures]) =>
    signatures.every(([at, bytes]) => text.startsWith(bytes, at))
  );
  return kind && foreign(kind[0]);
}

/** Formats of weights and networks, whose beginnings are less plain. */
function recognizeWeights(
  bytes: Uint8Array,
  text: string,
): ForeignFile | undefined {
  const torch = { what: "a PyTorch file", isTorch: true };
  if (text.startsWith("PK\x03\x04")) {
    // The name of its first record follows a header of 30 bytes.
    const name = text.slice(30, 30 + bytes[26]! + 256 * bytes[27]!);
    return /\/(data\.pkl|byteorder|\.format_version)$/.test(name)
      ? torch
      : name.endsWith(".npy")
      ? foreign("a NumPy archive (npz)")
      : foreign("a zip archive", "unpack it if the model is in it");
  }
  const [first = 0, second = 0, third = 0] = bytes;
  if (first === 0x80 && second >= 2 && second <= 5) {
    // The number by which torch.save began its older format.
    return text.startsWith("\x8a\x0a\x6c\xfc\x9c\x46", 2)
      ? torch
      : foreign("a Python pickle");
  }
  // Protocol buffers: the format's version, then another field of ModelProto.
  return first === 0x08 && second >= 1 && second <= 20 && onnxTags.has(third)
    ? foreign(
      "an ONNX network",
      "ONNX files are written for other programs: give the model that it was " +
        "exported from",
    )
    : undefined;
}

/** What may follow the version in an ONNX file: fields 2 to 8 of ModelProto. */
const onnxTags = new Set([0x12, 0x1a, 0x22, 0x28, 0x32, 0x3a, 0x42]);

/** The control codes of texts: tab, line feed, form feed, carriage return. */
const whiteSpace = new Set([9, 10, 12, 13]);

/** Texts, of which some stand where a download failed. */
function recognizeText(bytes: Uint8Array): ForeignFile | undefined {
  let text: string;
  try {
    // The last letter may be cut in two.
    text = new TextDecoder("utf-8", { fatal: true })
      .decode(bytes, { stream: bytes.length === recognizedBytes });
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    return undefined;
  }
  if (bytes.some((byte) => byte < 32 && !whiteSpace.has(byte))) {
    return undefined;
  }
  if (text.startsWith("version https://git-lfs.github.com/spec/")) {
    return foreign(
      "a Git LFS pointer, not the file itself",
      "get the file with git lfs pull",
    );
  }
  const start = text.trimStart();
  if (/^<(!doctype html|html)/i.test(start)) {
    return foreign(
      "a web page (HTML)",
      "download the file itself, not the page about it",
    );
  }
  if (start.startsWith("<")) return foreign("an XML file");
  if (/^[{[]/.test(start)) return foreign("a JSON file");
  return foreign("a text file");
}
