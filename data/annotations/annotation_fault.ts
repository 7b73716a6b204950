import { cannot, FileError } from "@unet/errors";

/** An error about a file of annotations. */
export function annotationFault(
  path: string,
  found: string,
  expected: string,
  remedy?: string,
): FileError {
  return new FileError(
    cannot("read", "annotations", path, {
      ...{ found, expected },
      ...(remedy !== undefined && { remedy }),
    }),
  );
}
