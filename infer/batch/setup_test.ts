import { assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { idOfSetup } from "./setup.ts";

Deno.test("idOfSetup() depends on the settings' values and not on their order", () => {
  fc.assert(fc.property(
    fc.dictionary(fc.string(), fc.jsonValue()),
    fc.string(),
    (settings, model) => {
      const id = idOfSetup({ settings, model });
      assertMatch(id, /^[0-9a-f]{16}$/);
      const turned = Object.fromEntries(Object.entries(settings).reverse());
      assertEquals(idOfSetup({ settings: turned, model }), id);
    },
  ));
});

Deno.test("idOfSetup() tells apart what differs at any depth", () => {
  const setups = [
    { settings: {}, model: "a" },
    { settings: {}, model: "b" },
    { settings: { tta: true }, model: "a" },
    { settings: { tta: false }, model: "a" },
    { settings: { tta: null }, model: "a" },
    { settings: { formats: ["png", "csv"] }, model: "a" },
    { settings: { formats: ["csv", "png"] }, model: "a" },
    { settings: { formats: { png: "csv" } }, model: "a" },
    { settings: { formats: { png: { csv: 1 } } }, model: "a" },
    { settings: { formats: { png: { csv: 2 } } }, model: "a" },
  ];
  assertEquals(new Set(setups.map(idOfSetup)).size, setups.length);
});

Deno.test("idOfSetup() takes a setting that is undefined for one left out", () => {
  assertEquals(
    idOfSetup({ settings: { tta: undefined }, model: "a" }),
    idOfSetup({ settings: {}, model: "a" }),
  );
});
