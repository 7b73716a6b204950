/**
 * The command line: `check`, `train`, `tune`, `segment`, `merge`,
 * `evaluate`, `devices`, `summary`, `calibrate`, `export`, `synth` and `lr-range`.
 *
 * Each command is a table of flags and a function that calls one other package.
 * It prints errors of input, files and machine as one line on standard error.
 * The exit code is 0 for success, 1 for partial success, 2 if the command
 * failed, and 130, 143 or 129 if Ctrl-C, SIGTERM or a closed terminal ended it.
 *
 * @example Draw images of nuclei, then look for faults in them
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { main } from "@unet/cli";
 *
 * const folder = `${await Deno.makeTempDir()}/drawn`;
 * assertEquals(await main(["synth", folder, "--count", "2", "--size", "64"]), 0);
 * assertEquals(await main(["check", folder]), 0);
 * ```
 *
 * @module
 */
export { main } from "./main.ts";
