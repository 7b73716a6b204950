import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "@unet/errors";
import { readingSettings } from "./reading_settings.ts";
import { defaultsOf, readSettings, type Typed } from "./setting.ts";

/** What a person typed, by name. */
function typed(values: Readonly<Record<string, string>>): Typed {
  return {
    texts: (name) => values[name] === undefined ? [] : [values[name]],
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

Deno.test("readingSettings reads what is not labeled as messages print it", () => {
  assertEquals(read({ ignore: "NaN,-Infinity,0.1" }), {
    ignore: ["nan", "-inf", 0.1],
  });
  assertThrows(
    () => read({ ignore: "none" }),
    UsageError,
    "or colors, such as #440154, or nan",
  );
  assertThrows(
    () => read({ background: "0,nan" }),
    UsageError,
    'Cannot use setting "background": found "nan", expected numbers or ' +
      "colors; non-finite pixels are background anyway",
  );
});

Deno.test("readingSettings reads backgrounds, numbers and colors", () => {
  assertEquals(
    read({ mask: "labels", background: "0, 255,#44FF54,1.5" }),
    { mask: "labels", background: [0, 255, "#44ff54", 1.5] },
  );
  assertEquals(read({ background: "-1,0" }), { background: [-1, 0] });
  assertEquals(defaultsOf(readingSettings), {
    ...{ channel: null, channels: null, plane: null, time: null, level: null },
    ...{ mask: "auto", background: [0], classes: null, ignore: [] },
    ...{ objectClasses: null },
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

Deno.test("readingSettings reads classes, and what is not labeled", () => {
  assertEquals(read({ classes: "background, axon" }), {
    classes: [{ name: "background", value: 0 }, { name: "axon", value: 1 }],
  });
  // The background is first, and keeps its number.
  assertEquals(read({ classes: "axon,background" }), {
    classes: [{ name: "background", value: 1 }, { name: "axon", value: 0 }],
  });
  assertEquals(read({ classes: "ground=0,axon=#FF0000", ignore: "255,-1" }), {
    classes: [
      { name: "ground", value: 0 },
      { name: "axon", value: "#ff0000" },
    ],
    ignore: [255, -1],
  });
  assertEquals(read({ classes: "off" }), { classes: [] });
  assertEquals(read({ "object-classes": "tumor, lymphocyte" }), {
    objectClasses: ["tumor", "lymphocyte"],
  });
  assertEquals(read({ "object-classes": "off" }), { objectClasses: [] });
  assertThrows(
    () => read({ "object-classes": "tumor,tumor" }),
    UsageError,
    'Cannot use setting "objectClasses": found "tumor" twice',
  );
  assertEquals(read({ classes: "ground,axon", sparse: "" }), {
    classes: [{ name: "ground", value: 1 }, { name: "axon", value: 2 }],
    ignore: [0],
  });
  for (
    const [classes, found] of [
      ["axon", "1 of them"],
      ["a,a", '"a" twice'],
      ["a=1,b=1", "1 twice"],
      ["a=1,b", '"b"'],
      ["a=1,b=red", '"b=red"'],
      ["a,,b", 'the name ""'],
    ] as const
  ) {
    assertThrows(
      () => read({ classes }),
      UsageError,
      `Cannot use setting "classes": found ${found}, expected`,
    );
  }
  assertThrows(
    () => read({ ignore: "x" }),
    UsageError,
    'Cannot use setting "ignore": found "x", expected numbers',
  );
});

Deno.test("readingSettings reads several channels, numbers and names", () => {
  assertEquals(read({ channels: "DAPI, actin" }), {
    channels: ["DAPI", "actin"],
  });
  assertEquals(read({ channels: "0,2" }), { channels: [0, 2] });
  assertEquals(read({ channels: "µm 488/GFP" }), { channels: ["µm 488/GFP"] });
});

Deno.test("readingSettings refuses channels that are empty or named twice", () => {
  for (const text of ["", "DAPI,", ",", "0,0", "a,b,a", "a\nb"]) {
    const { message } = assertThrows(
      () => read({ channels: text }),
      UsageError,
    );
    assertEquals(
      message.startsWith('Cannot use setting "channels": found "'),
      true,
    );
    assertEquals(
      message.endsWith(
        '", expected 1 to 128 numbers from 0 or names, each once, such as DAPI,actin or 0,2',
      ),
      true,
      message,
    );
  }
});
