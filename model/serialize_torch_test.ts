import { assert, assertEquals, assertThrows } from "@std/assert";
import { serializeTorch } from "./serialize_torch.ts";
import { parseWeights } from "./weights_file.ts";

Deno.test("serializeTorch() starts each storage at a multiple of 64 bytes", async () => {
  const values = new Float32Array([1, 2, 3]);
  const pieces = serializeTorch(
    new Map([["a", { shape: [3], values }], ["b", { shape: [1, 3], values }]]),
  );
  const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
  for (const view of parseWeights(bytes, "own.pth").tensors.values()) {
    assertEquals(view.bytes.byteOffset % 64, 0);
  }
});

Deno.test("serializeTorch() halves the bytes of weights as float16", () => {
  const values = new Float32Array(10_000).fill(0.1);
  const size = (half: boolean) =>
    serializeTorch(new Map([["w", { shape: [10_000], values }]]), { half })
      .reduce((sum, piece) => sum + piece.length, 0);
  assert(size(false) - size(true) >= 19_900);
});

Deno.test("serializeTorch() refuses a shape that does not fit", () => {
  assertThrows(
    () =>
      serializeTorch(
        new Map([["w", { shape: [2], values: new Float32Array(3) }]]),
      ),
    RangeError,
    'Cannot write tensor "w": found 3 values, expected shape [2]',
  );
});
