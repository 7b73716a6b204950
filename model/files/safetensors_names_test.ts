import { assertEquals } from "@std/assert";
import { parseSafetensors } from "./safetensors.ts";

/** A file of one number under a name, as its header spells it. */
function fileOf(escaped: string): Uint8Array<ArrayBuffer> {
  const entry = '{"dtype":"F32","shape":[],"data_offsets":[0,4]}';
  const header = new TextEncoder().encode(`{"${escaped}":${entry}}`);
  const bytes = new Uint8Array(8 + header.length + 4);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  return bytes;
}

Deno.test("parseSafetensors() takes names with quotes and backslashes, however they are escaped", () => {
  for (
    const [escaped, name] of [
      ["a\\u0022:\\u0022b", 'a":"b'],
      ['a\\":\\"b', 'a":"b'],
      ["a\\\\", "a\\"],
      ["a\\u005c", "a\\"],
    ] as const
  ) {
    const { tensors } = parseSafetensors(fileOf(escaped), "x");
    assertEquals([...tensors.keys()], [name]);
  }
});
