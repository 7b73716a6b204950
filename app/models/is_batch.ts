import { enoughImages } from "./network_threads.ts";

/**
 * Whether inputs may be a batch of many images: that many paths, or a folder
 * with that many entries. A guess, which decides what is started early.
 *
 * @param inputs Files, folders or patterns, as a person gave them.
 */
export async function isBatch(inputs: readonly string[]): Promise<boolean> {
  if (inputs.length >= enoughImages) return true;
  for (const input of inputs) {
    let entries = 0;
    try {
      for await (const _ of Deno.readDir(input)) {
        if (++entries >= enoughImages) return true;
      }
    } catch {
      // A file, a pattern, or what is reported where inputs are looked for.
    }
  }
  return false;
}
