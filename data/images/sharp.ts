import type sharpModule from "sharp";
import { cannot, FileError } from "@unet/errors";
import { firstLine } from "./first_line.ts";

/** The image library's entry function. */
export type Sharp = typeof sharpModule;

let loading: Promise<Sharp> | undefined;

/**
 * Loads the image library on first use: it is native code, which importing a
 * module must not run, and which workers that read the cache do without.
 *
 * @throws {FileError} If its native part cannot be loaded.
 */
export function loadSharp(): Promise<Sharp> {
  return loading ??= load();
}

async function load(): Promise<Sharp> {
  try {
    const { default: sharp } = await import("sharp");
    // Every file is read once, so a cache of opened ones only holds memory.
    sharp.cache(false);
    // Many small images are decoded side by side, each on one thread.
    sharp.concurrency(1);
    return sharp;
  } catch (cause) {
    throw new FileError(
      cannot("load", "image library", "sharp", {
        found: firstLine(cause),
        expected: "the package's build for this system",
        remedy: "give Deno the permissions ffi, env and read, or reinstall it",
      }),
      { cause },
    );
  }
}
