import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "@unet/errors";
import { readSettings } from "./setting.ts";
import { stackSettings } from "./stack_settings.ts";
import { typedOf } from "./typed_values.ts";

const inputs = Object.values(stackSettings).flatMap(({ inputs }) => inputs);

const read = (values: Readonly<Record<string, string | number>>) =>
  readSettings(stackSettings, typedOf(inputs, values, "a test"));

Deno.test("stackSettings reads all planes and times beside one of them", () => {
  assertEquals(read({ plane: "all", link: 0.5 }), { plane: "all", link: 0.5 });
  assertEquals(read({ time: "all" }), { time: "all" });
  assertEquals(
    read({ channel: "DAPI", plane: "max", time: "3", level: 1 }),
    { channel: "DAPI", plane: "max", time: 3, level: 1 },
  );
});

Deno.test("stackSettings refuses what is neither all nor a number", () => {
  for (const text of ["All", "max", "1.5", "-1"]) {
    assertThrows(
      () => read({ time: text }),
      UsageError,
      `Cannot use setting "time": found "${text}", expected a whole number from 0, or all`,
    );
  }
  for (const text of ["All", "each", "1.5", "-1"]) {
    assertThrows(
      () => read({ plane: text }),
      UsageError,
      `Cannot use setting "plane": found "${text}", expected a whole number from 0, max, mean or all`,
    );
  }
  for (const link of [0, 1.5, -1]) {
    assertThrows(
      () => read({ plane: "all", link }),
      UsageError,
      `Cannot use setting "link": found ${link} in a test, expected a number from 0.01 to 1`,
    );
  }
});

Deno.test("stackSettings takes from files what it takes from a person", () => {
  const { plane, time, link } = stackSettings;
  for (const value of ["all", 3, "max", null]) {
    assertEquals(plane.check(value), true);
  }
  for (const value of ["all", 3, null]) assertEquals(time.check(value), true);
  for (const value of ["max", "every", -1]) {
    assertEquals(time.check(value), false);
  }
  assertEquals([link.check(0.25), link.check(null), link.check(2)], [
    ...[true, true, false],
  ]);
});
