import { cannot, FileError } from "@unet/errors";
import type { OpenPackage } from "./open_package.ts";
import type { FileReference } from "./package_description.ts";
import { sha256 } from "./write_package.ts";

/**
 * Reads a file that a description names, and compares its checksum.
 *
 * @param opened The package.
 * @param reference The file.
 * @param most Bytes that it may have.
 * @returns Its bytes.
 * @throws {FileError} If it is missing, too large, damaged, or has another
 * checksum.
 */
export async function readReference(
  opened: OpenPackage,
  { source, sha256: expected }: FileReference,
  most: number,
): Promise<Uint8Array> {
  const bytes = await opened.read(source, most);
  if (expected === undefined) return bytes;
  const found = await sha256(bytes);
  if (found === expected) return bytes;
  throw new FileError(
    cannot("read", "package", opened.path, {
      found: `${source} of the checksum ${found}`,
      expected,
      remedy: "get the package again",
    }),
  );
}
