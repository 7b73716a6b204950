import { assert, assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "@unet/errors";
import { groupOfKey, sharesSetting } from "./shares_setting.ts";
import { typedOf } from "./typed_values.ts";

const read = (shares: string) =>
  sharesSetting.read(typedOf(sharesSetting.inputs, { shares }, "a test"));

Deno.test("shares are numbers by data set, or by data set and modality", () => {
  const shares = read("tissue=2, tissue:stained=0.5,cells=1");
  assertEquals(shares, { tissue: 2, "tissue:stained": 0.5, cells: 1 });
  assert(sharesSetting.check(JSON.parse(JSON.stringify(shares))));
  assertEquals(groupOfKey("tissue:stained"), {
    source: "tissue",
    modality: "stained",
  });
});

Deno.test("shares that are no numbers above 0, repeat a name or name no modality are refused", () => {
  for (const text of ["a", "a=", "=1", "a=0", "a=-1", "a=x", "a=1,,b=2"]) {
    assertThrows(() => read(text), UsageError, "NAME=N");
  }
  assertThrows(() => read("a=1,a=2"), UsageError, '"a" twice');
  assertThrows(() => read("a:pink=1"), UsageError, "fluorescence");
  for (const wrong of [7, {}, [], { a: 0 }, { "a:pink": 1 }, { a: "1" }]) {
    assert(!sharesSetting.check(wrong));
  }
});
