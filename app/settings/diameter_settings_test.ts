import { assert, assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "@unet/errors";
import { diameterSettings } from "./diameter_settings.ts";
import { defaultsOf, entriesOf, readSettings } from "./setting.ts";

const read = (values: Readonly<Record<string, string>>) =>
  readSettings(diameterSettings, {
    texts: () => [],
    text: (name) => values[name],
    number: (name) => name in values ? Number(values[name]) : undefined,
    on: (name) => name in values,
    given: (name) => name in values,
  });

Deno.test("diameterSettings reads a diameter in pixels, or none", () => {
  assertEquals(read({}), {});
  assertEquals(read({ diameter: "74" }), { diameter: 74 });
  assertEquals(read({ diameter: "7.5" }), { diameter: 7.5 });
  assertEquals(read({ diameter: "off" }), { diameter: "off" });
  assertEquals(read({ diameter: "auto" }), { diameter: "auto" });
});

Deno.test("diameterSettings reads the median that a model learned, from half to double of it where no more is said", () => {
  const learned = (text: string) =>
    read({ "model-diameter": text }).modelDiameter;
  assertEquals(learned("20"), { low: 10, median: 20, high: 40 });
  assertEquals(learned("8,20,64.5"), { low: 8, median: 20, high: 64.5 });
});

Deno.test("diameterSettings refuses what is no diameter", () => {
  for (const text of ["", " ", "0", "-4", "20000", "NaN", "12px", "3,4"]) {
    const error = assertThrows(() => read({ diameter: text }), UsageError);
    assert(/expected 1 to 10000/.test(error.message), error.message);
  }
  for (const text of ["", "a", "8,20", "20,8,40", "8,20,40,60", "8,,40"]) {
    assertThrows(() => read({ "model-diameter": text }), UsageError);
  }
});

Deno.test("diameterSettings has defaults that it allows, and checks what files hold", () => {
  const defaults = defaultsOf(diameterSettings);
  assertEquals(defaults, { diameter: null, modelDiameter: null });
  for (const [name, { check }] of entriesOf(diameterSettings)) {
    assert(check(defaults[name]), name);
    for (const value of [{}, "on", NaN, 0, { low: 1 }]) {
      assert(!check(value), name);
    }
  }
});
