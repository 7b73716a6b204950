import { join } from "@std/path";
import { infoOf } from "@unet/files";

/** Where the file of a model is, from what a person names. */
const places = [
  ["."],
  ["model.safetensors"],
  ["best", "model.safetensors"],
];

/**
 * Names the state of a model's file: one that was replaced has another, also
 * where size and time were kept.
 *
 * @param model A file, a model folder, a run folder, or a published name.
 * @returns A text; the same for each model that is no file.
 */
export async function modelVersion(model: string): Promise<string> {
  for (const place of places) {
    const info = await infoOf(join(model, ...place));
    if (!info?.isFile) continue;
    const { size, mtime, ctime, ino, dev } = info;
    return [size, mtime?.getTime(), ctime?.getTime(), dev, ino].join("-");
  }
  return "none";
}
