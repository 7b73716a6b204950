import { assert, assertEquals, assertThrows } from "@std/assert";
import { ModelError } from "@unet/errors";
import expected from "../fixtures/torch_files.json" with { type: "json" };
import { floatValues } from "./safetensors.ts";
import { serializeTorch } from "./serialize_torch.ts";
import { parseTorch } from "./torch_file.ts";

const fixture = (name: string): Promise<Uint8Array> =>
  Deno.readFile(new URL(`../fixtures/${name}`, import.meta.url));

type Values = Record<string, { shape: number[]; values: number[] }>;

for (const [name, tensors] of Object.entries(expected)) {
  Deno.test(`parseTorch() gives PyTorch's values of ${name}`, async () => {
    const read = parseTorch(await fixture(name), name);
    assertEquals([...read.keys()], Object.keys(tensors));
    for (const [key, { shape, values }] of Object.entries(tensors as Values)) {
      const view = read.get(key)!;
      assertEquals([...view.shape], shape, key);
      if (view.dtype === "I64") {
        const bytes = view.bytes.slice();
        assertEquals(
          [...new BigInt64Array(bytes.buffer)].map(Number),
          values,
        );
      } else {
        assertEquals(floatValues(view), new Float32Array(values), key);
      }
    }
  });
}

Deno.test("parseTorch() names the dtypes of a file", async () => {
  const read = parseTorch(await fixture("dtypes.pth"), "dtypes.pth");
  assertEquals([...read.values()].map(({ dtype }) => dtype), [
    "F64",
    "F16",
    "BF16",
    "I64",
  ]);
});

for (
  const [file, global] of [
    ["refused.pth", "posix.system"],
    ["refused_legacy.pth", "posix.system"],
    ["whole_module.pth", "torch.nn.modules.linear.Linear"],
  ] as const
) {
  Deno.test(`parseTorch() refuses ${file} by the name of ${global}`, async () => {
    const bytes = await fixture(file);
    assertThrows(
      () => parseTorch(bytes, file),
      ModelError,
      `Cannot read PyTorch file "${file}": found "${global}", which is not run, expected tensors, ordered dictionaries and numbers alone: save model.state_dict()`,
    );
  });
}

Deno.test("parseTorch() copies nothing where elements lie in a row", async () => {
  const bytes = await fixture("float32.pth");
  const view = parseTorch(bytes, "float32.pth").get("a")!;
  assert(view.bytes.buffer === bytes.buffer);
});

Deno.test("parseTorch() reads what serializeTorch() wrote", async () => {
  const tensors = new Map([
    ["a.weight", { shape: [2, 1], values: new Float32Array([1, -2]) }],
    ["é", { shape: [], values: new Float32Array([0.5]) }],
    ["empty", { shape: [0, 3], values: new Float32Array() }],
  ]);
  for (const dtype of ["F32", "F16", "BF16"] as const) {
    const pieces = serializeTorch(tensors, { dtype });
    const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
    const read = parseTorch(bytes, "own.pth");
    assertEquals([...read.keys()], [...tensors.keys()]);
    for (const [name, { shape, values }] of tensors) {
      assertEquals([...read.get(name)!.shape], shape);
      assertEquals(floatValues(read.get(name)!), values);
    }
  }
});

Deno.test("parseTorch() says what is no file of PyTorch", () => {
  assertThrows(
    () => parseTorch(new TextEncoder().encode("weights"), "w.pth"),
    ModelError,
    'Cannot read PyTorch file "w.pth": found no file of PyTorch, expected what torch.save wrote',
  );
});
