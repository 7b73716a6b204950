import { assertEquals, assertThrows } from "@std/assert";
import type { MaskOptions } from "@unet/data";
import { UsageError } from "@unet/errors";
import { readFlags } from "./flags.ts";
import { describeMaskOptions, maskFlags, maskOptionsOf } from "./mask_flags.ts";

const optionsOf = (...args: string[]) =>
  maskOptionsOf(readFlags("check", maskFlags, args));

Deno.test("maskOptionsOf() reads numbers and colors, and has defaults", () => {
  assertEquals(optionsOf(), { mask: "auto", background: [0] });
  assertEquals(
    optionsOf("--mask", "labels", "--background", "0, 255,#44FF54,1.5"),
    { mask: "labels", background: [0, 255, "#44ff54", 1.5] },
  );
  assertEquals(optionsOf("--background=-1,0").background, [-1, 0]);
});

Deno.test("maskOptionsOf() refuses what is neither a number nor a color", () => {
  for (const text of ["white", "#fff", "0,,1", "1e400", "0x10", "NaN", "0;1"]) {
    assertThrows(
      () => optionsOf("--background", text),
      UsageError,
      'Cannot use flag "--background": found "',
    );
  }
  assertThrows(
    () => optionsOf("--mask", "instances"),
    UsageError,
    'Cannot use flag "--mask": found "instances", expected auto, labels, binary',
  );
});

Deno.test("describeMaskOptions() gives flags that read as what they describe", () => {
  const all: MaskOptions[] = [
    { mask: "binary" },
    { background: [255] },
    { mask: "labels", background: [-1, 0] },
  ];
  for (const options of all) {
    const words = describeMaskOptions(options).split(" ");
    assertEquals(optionsOf(...words), {
      mask: "auto",
      background: [0],
      ...options,
    });
  }
  assertEquals(
    describeMaskOptions({ background: ["#440154", 0] }),
    "--background '#440154,0'",
  );
});
