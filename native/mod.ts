/**
 * Installs and loads native libraries that are not part of the program. pip
 * installs them into the user's cache; their checksums are part of the program
 * and are verified before a library is loaded.
 *
 * @example
 * ```ts
 * import { hasChecksum } from "@unet/native";
 * import { assert } from "@std/assert";
 *
 * const path = await Deno.makeTempFile();
 * await Deno.writeTextFile(path, "native code");
 * const other = "0".repeat(64);
 * assert(!await hasChecksum(path, other));
 * await Deno.remove(path);
 * ```
 *
 * @module
 */
export * from "./bytes_below.ts";
export * from "./fetch_wheel.ts";
export * from "./has_checksum.ts";
export * from "./install_library.ts";
export * from "./keep_loaded.ts";
export * from "./library_installer.ts";
export * from "./run_pip.ts";
export * from "./start_python.ts";
