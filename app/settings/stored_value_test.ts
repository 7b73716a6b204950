import { assertEquals } from "@std/assert";
import {
  isBackgroundValue,
  isStoredValue,
  parseStoredValue,
} from "./stored_value.ts";

Deno.test("parseStoredValue() reads numbers, colors and words as error messages print them", () => {
  for (
    const [text, value] of [
      ...[["255", 255], ["-1", -1], [" 0.1", 0.1], ["1e-7", 1e-7]],
      ...[["1e+21", 1e21], ["#FF0000", "#ff0000"], ["NaN", "nan"]],
      ...[["nan", "nan"], ["-Infinity", "-inf"], ["inf", "inf"]],
    ] as const
  ) {
    const read = parseStoredValue(String(text));
    assertEquals(read, value);
    assertEquals(isStoredValue(read), true);
    assertEquals(JSON.parse(JSON.stringify(read)), value);
  }
  for (const text of ["", "red", "#ff00", "nano", "--1", "1e", "1e999"]) {
    assertEquals(isStoredValue(parseStoredValue(text)), false, text);
  }
  assertEquals(isStoredValue(NaN), false);
  assertEquals([0, "#00ff00", "nan"].map(isBackgroundValue), [
    ...[true, true, false],
  ]);
});
