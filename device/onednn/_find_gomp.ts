import { describeSystemFault } from "@unet/files";

/** The list of libraries that the system's loader knows. */
export const loaderCache = "/etc/ld.so.cache";
/** GNU's OpenMP, by the name that the loader finds it by. */
export const gompLibrary = "libgomp.so.1";

/**
 * Looks for GNU's OpenMP, which oneDNN computes with, in the loader's list.
 * Only where it is not in there is the loader itself asked: that would load
 * it, and then the number of threads is settled.
 *
 * @returns Why it is missing and how to get it; null if it is there.
 */
export async function whyNoGomp(): Promise<string | null> {
  if (await isListed()) return null;
  try {
    Deno.dlopen(gompLibrary, {}).close();
    return null;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotCapable) {
      return describeSystemFault(cause);
    }
    // Why the loader did not find it says less than what to do.
    return `no ${gompLibrary}, which oneDNN needs; install it with ` +
      "apt-get install libgomp1 (Debian, Ubuntu) or dnf install libgomp";
  }
}

async function isListed(): Promise<boolean> {
  try {
    const bytes = await Deno.readFile(loaderCache);
    return new TextDecoder("latin1").decode(bytes).includes(`${gompLibrary}\0`);
  } catch (cause) {
    if (
      cause instanceof Deno.errors.NotFound ||
      cause instanceof Deno.errors.NotCapable
    ) return false;
    throw cause;
  }
}
