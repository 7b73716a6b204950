import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "@unet/errors";
import { readingSettings } from "./reading_settings.ts";
import { defaultsOf, readSettings, type Typed } from "./setting.ts";

/** What a person typed, by name. */
function typed(values: Readonly<Record<string, string>>): Typed {
  return {
    text: (name) => values[name],
    number: (name) => name in values ? Number(values[name]) : undefined,
    on: (name) => name in values,
    given: (name) => name in values,
  };
}

const read = (values: Readonly<Record<string, string>>) =>
  readSettings(readingSettings, typed(values));

Deno.test("readingSettings reads numbers, names and projections", () => {
  assertEquals(read({}), {});
  assertEquals(
    read({ channel: "2", plane: "0", level: "1" }),
    { channel: 2, plane: 0, level: 1 },
  );
  assertEquals(
    read({ channel: "DAPI", plane: "max", time: "3" }),
    { channel: "DAPI", plane: "max", time: 3 },
  );
  assertEquals(read({ channel: "color" }), { channel: null });
});

Deno.test("readingSettings reads backgrounds, numbers and colors", () => {
  assertEquals(
    read({ mask: "labels", background: "0, 255,#44FF54,1.5" }),
    { mask: "labels", background: [0, 255, "#44ff54", 1.5] },
  );
  assertEquals(read({ background: "-1,0" }), { background: [-1, 0] });
  assertEquals(defaultsOf(readingSettings), {
    ...{ channel: null, plane: null, time: null, level: null },
    ...{ mask: "auto", background: [0] },
  });
});

Deno.test("readingSettings refuses a plane that is neither a number nor a projection", () => {
  for (const text of ["all", "1.5", "-1", "Max"]) {
    assertThrows(
      () => read({ plane: text }),
      UsageError,
      `Cannot use setting "plane": found "${text}", expected a whole number from 0, max or mean`,
    );
  }
});

Deno.test("readingSettings refuses a background that is neither a number nor a color", () => {
  for (const text of ["white", "#fff", "0,,1", "1e400", "0x10", "NaN", "0;1"]) {
    assertThrows(
      () => read({ background: text }),
      UsageError,
      'Cannot use setting "background": found "',
    );
  }
});
