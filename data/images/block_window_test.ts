import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { blocksOf, pasteBlock } from "./block_window.ts";

const side = fc.integer({ min: 1, max: 9 });

Deno.test("blocksOf() and pasteBlock() put a window together as it lies in the image", () => {
  fc.assert(
    fc.property(
      fc.record({ width: side, height: side }),
      fc.record({ width: side, height: side }),
      fc.nat(8),
      fc.nat(8),
      fc.constantFrom(1, 3),
      (block, { width, height }, x, y, channels) => {
        // Each value says where in the whole image it is.
        const valueAt = (column: number, row: number, channel: number) =>
          (row * 32 + column) * channels + channel;
        const part = (
          place: { x: number; y: number; width: number; height: number },
        ) => ({
          ...place,
          data: Float32Array.from(
            { length: place.width * place.height * channels },
            (_, at) => {
              const pixel = Math.floor(at / channels);
              return valueAt(
                place.x + pixel % place.width,
                place.y + Math.floor(pixel / place.width),
                at % channels,
              );
            },
          ),
        });
        const expected = part({ x, y, width, height });
        const window = {
          ...expected,
          data: new Float32Array(expected.data.length).fill(-1),
        };
        for (const { row, column } of blocksOf(window, block)) {
          const place = { x: column * block.width, y: row * block.height };
          pasteBlock(window, part({ ...place, ...block }), channels);
        }
        assertEquals(window, expected);
      },
    ),
  );
});
