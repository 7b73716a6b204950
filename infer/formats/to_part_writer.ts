import type { PartWriter } from "./format.ts";

/**
 * Makes a writer of a part from a writer of files.
 *
 * @param file The file.
 * @param write Adds a piece to it.
 * @returns The writer; finishing and disposing are the file's own.
 *
 * @example
 * ```ts
 * import { FileWriter } from "@unet/files";
 * import { type Format, toPartWriter } from "@unet/infer/formats";
 * import { assertEquals } from "@std/assert";
 *
 * const corners: Format<"measured"> = {
 *   help: "left and upper edge of each object",
 *   ending: "_corners.txt",
 *   takes: "measured",
 *   async open(path) {
 *     const file = await FileWriter.open(path, "output");
 *     const encoder = new TextEncoder();
 *     return toPartWriter(file, ({ measurements }) =>
 *       file.write(encoder.encode(
 *         measurements.map(({ x, y }) => `${x} ${y}\n`).join(""),
 *       )));
 *   },
 * };
 * assertEquals(corners.takes, "measured");
 * ```
 */
export function toPartWriter<Piece>(
  file: Pick<PartWriter<Piece>, "finish" | typeof Symbol.asyncDispose>,
  write: (piece: Piece) => Promise<void>,
): PartWriter<Piece> {
  return {
    write,
    finish: () => file.finish(),
    [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
  };
}
