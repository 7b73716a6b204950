import { basename } from "@std/path";

/**
 * The name of an image's file, as annotations have it; of a field of a plate,
 * its path from the plate, as in `plate.zarr/B/3/0`.
 *
 * @param path The image's path.
 */
export function nameOfImage(path: string): string {
  const [field] = /[^/\\]+\.(zarr|zarr\.zip|ozx)[/\\].+$/i.exec(path) ?? [];
  return field?.replaceAll("\\", "/") ?? basename(path);
}
