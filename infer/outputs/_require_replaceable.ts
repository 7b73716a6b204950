import { join } from "@std/path";
import { cannot, FileError } from "@unet/errors";
import { pathInfo } from "@unet/files";

/** Files of which one is in every folder of Zarr. */
const metadata = ["zarr.json", ".zgroup", ".zattrs", ".zarray"];

/**
 * Refuses a place of labels where a folder is that is not of Zarr: nobody means
 * to replace it.
 *
 * @throws {FileError} If it is one.
 */
export async function requireReplaceable(path: string): Promise<void> {
  const info = await pathInfo(path, "write", "labels", { ofLink: true });
  if (!info?.isDirectory) return;
  for (const name of metadata) {
    if (await pathInfo(join(path, name), "write", "labels")) return;
  }
  throw new FileError(
    cannot("write", "labels", path, {
      found: "a folder without Zarr metadata",
      remedy: "move it away or choose another name",
    }),
  );
}
