import { StoredZip } from "@unet/files";
// @ts-types="@types/js-yaml"
import { dump } from "js-yaml";
import { describePackage, packageFiles } from "./describe_package.ts";
import { documentPackage } from "./document_package.ts";
import { encodeNpy } from "./npy.ts";
import type { PackageFacts } from "./package_facts.ts";
import type { Tensor } from "./tensor.ts";

/** The content of a package besides its facts. */
export interface PackageContent {
  /** The network as ONNX, with the joined output, in pieces. */
  readonly weights: readonly Uint8Array[];
  /** The model's own file, in pieces. */
  readonly model: readonly Uint8Array[];
  /** An image with its values as the file has them. */
  readonly testInput: Tensor;
  /** What the model makes of it. */
  readonly testOutput: Tensor;
  /** A picture of both, as PNG. */
  readonly cover: Uint8Array;
}

/** The written package. */
export interface WrittenPackage {
  /** Bytes of its files. */
  readonly bytes: number;
}

/**
 * Writes a bioimage.io package: a zip of the description, weights, a test
 * input with its output, a cover and documentation. The same content gives the
 * same bytes.
 *
 * @param path The zip, replaced if it is there.
 * @param facts What is known of the model.
 * @param content The files.
 * @returns What was written.
 * @throws {FileError} If the zip cannot be written.
 */
export async function writePackage(
  path: string,
  facts: PackageFacts,
  content: PackageContent,
): Promise<WrittenPackage> {
  const text = new TextEncoder();
  const files: Record<
    Exclude<keyof typeof packageFiles, "description">,
    Uint8Array
  > = {
    weights: joined(content.weights),
    model: joined(content.model),
    testInput: npyOf(content.testInput),
    testOutput: npyOf(content.testOutput),
    cover: content.cover,
    documentation: text.encode(documentPackage(facts)),
  };
  const sums = new Map<string, string>();
  for (const [name, bytes] of Object.entries(files)) {
    sums.set(name, await sha256(bytes));
  }
  const description = describePackage(facts, (name) => ({
    source: packageFiles[name],
    sha256: sums.get(name)!,
  }));
  const rdf = text.encode(dump(description, { noRefs: true }));
  await using zip = await StoredZip.open(path, "package");
  await zip.add(packageFiles.description, rdf);
  let bytes = rdf.length;
  for (const [name, one] of Object.entries(files)) {
    await zip.add(packageFiles[name as keyof typeof files], one);
    bytes += one.length;
  }
  await zip.finish();
  return { bytes };
}

function npyOf({ channels, height, width, data }: Tensor): Uint8Array {
  return encodeNpy({ shape: [1, channels, height, width], values: data });
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** The checksum of bytes, as a package names it. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const sum = await crypto.subtle.digest(
    "SHA-256",
    bytes as Uint8Array<ArrayBuffer>,
  );
  return new Uint8Array(sum).toHex();
}
