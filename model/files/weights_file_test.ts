import { assertEquals, assertThrows } from "@std/assert";
import { ModelError } from "@unet/errors";
import { parseWeights } from "./weights_file.ts";

const fixture = (name: string): Promise<Uint8Array> =>
  Deno.readFile(new URL(`../fixtures/${name}`, import.meta.url));

Deno.test("parseWeights() distinguishes formats by their bytes, not their names", async () => {
  const names = async (file: string) => [
    ...parseWeights(await fixture(file), "weights").tensors.keys(),
  ];
  assertEquals(await names("float32.pth"), ["a", "b", "c"]);
  assertEquals(await names("legacy.pth"), ["a", "b", "c"]);
  assertEquals((await names("version_1.safetensors")).at(-1), "head.bias");
});

Deno.test("parseWeights() says of a damaged file what its ending promises", () => {
  const bytes = new Uint8Array(100).fill(200);
  assertThrows(
    () => parseWeights(bytes, "a.pth"),
    ModelError,
    "Cannot read PyTorch file",
  );
  assertThrows(
    () => parseWeights(bytes, "a.safetensors"),
    ModelError,
    "Cannot read safetensors file",
  );
});
