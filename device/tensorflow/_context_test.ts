import { assertEquals } from "@std/assert";
import { encodeConfig } from "./_context.ts";

/** Written by Python: `ConfigProto(…).SerializeToString().hex()`. */
const written: readonly [Parameters<typeof encodeConfig>[0], string][] = [
  [{}, "32022001"],
  [{ threads: 2 }, "1002280232022001"],
  [{ threads: 300 }, "10ac0228ac0232022001"],
];

for (const [options, expected] of written) {
  Deno.test(`encodeConfig(${JSON.stringify(options)}) writes what Python does`, () => {
    assertEquals(encodeConfig(options).toHex(), expected);
  });
}

Deno.test("encodeConfig() says it when memory is to be taken at once", () => {
  assertEquals(encodeConfig({ memoryGrowth: false }).toHex(), "32022000");
});
