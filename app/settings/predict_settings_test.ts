import { assert, assertEquals } from "@std/assert";
import { networkSettings } from "./network_settings.ts";
import {
  decisionSettings,
  inferenceSettings,
  instanceSettings,
  windowSettings,
} from "./predict_settings.ts";
import { defaultsOf, entriesOf, readSettings, type Typed } from "./setting.ts";

function typed(values: Readonly<Record<string, string>>): Typed {
  return {
    texts: (name) => values[name] === undefined ? [] : [values[name]],
    text: (name) => values[name],
    number: (name) => name in values ? Number(values[name]) : undefined,
    on: (name) => name in values,
    given: (name) => name in values,
  };
}

Deno.test("decisionSettings reads views by the names of test-time augmentation", () => {
  const viewsOf = (tta: string) =>
    readSettings(decisionSettings, typed({ tta })).views;
  assertEquals(["none", "flips", "turns"].map(viewsOf), [1, 4, 8]);
  assertEquals(defaultsOf(decisionSettings), { threshold: null, views: 1 });
});

Deno.test("settings of prediction have defaults that they allow", () => {
  for (
    const table of [
      decisionSettings,
      inferenceSettings,
      instanceSettings,
      windowSettings,
    ]
  ) {
    const defaults = defaultsOf<object>(table) as Record<string, unknown>;
    for (const [name, { check }] of entriesOf<object>(table)) {
      assert(Object.hasOwn(defaults, name), name);
      assert(check(defaults[name]), name);
      assert(!check({}), name);
    }
  }
});

Deno.test("networkSettings reads batch norm that is off, and batch norm that is kept", () => {
  const read = (values: Record<string, string>) =>
    readSettings(networkSettings, typed(values));
  assertEquals(read({ "batch-norm": "off" }), {
    batchNorm: false,
    freezeBatchNorm: false,
  });
  assertEquals(read({ "batch-norm": "frozen" }), {
    batchNorm: true,
    freezeBatchNorm: true,
  });
  assertEquals(read({ "freeze-blocks": "3" }), { freezeEncoder: 3 });
  assertEquals(read({ "freeze-encoder": "" }), { freezeEncoder: true });
});
