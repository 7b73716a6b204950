import { assert, assertEquals, assertThrows } from "@std/assert";
import type { StoredDtype } from "./safetensors.ts";
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

Deno.test("serializeTorch() halves the bytes of weights as float16 and bfloat16", async () => {
  const values = new Float32Array(10_000).fill(0.1);
  const write = async (dtype: StoredDtype) => {
    const tensors = new Map([["w", { shape: [10_000], values }]]);
    return await new Blob(serializeTorch(tensors, { dtype })).bytes();
  };
  const full = await write("F32");
  for (const dtype of ["F16", "BF16"] as const) {
    const bytes = await write(dtype);
    assert(full.length - bytes.length >= 19_900);
    const { tensors } = parseWeights(bytes, "own.pth");
    assertEquals(tensors.get("w")!.dtype, dtype);
  }
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
