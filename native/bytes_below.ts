import { join } from "@std/path";

/** The bytes of all files below a folder that pip fills and empties. */
export function bytesBelow(folder: string): number {
  let sum = 0;
  try {
    for (const { name, isDirectory } of Deno.readDirSync(folder)) {
      const path = join(folder, name);
      sum += isDirectory ? bytesBelow(path) : Deno.statSync(path).size;
    }
  } catch (cause) {
    // pip removes files while they are counted.
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
  }
  return sum;
}
