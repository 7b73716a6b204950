import { assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { differenceOf, idOfSetup } from "./setup.ts";

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

Deno.test("idOfSetup() distinguishes what differs at any depth", () => {
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

Deno.test("differenceOf() finds nothing exactly where the ids are the same", () => {
  const value = fc.constantFrom<unknown>(1, 2, "a", true, ["a"], ["b"], null);
  const settings = fc.dictionary(
    fc.constantFrom("threshold", "instances", "views"),
    fc.oneof(
      value,
      fc.dictionary(fc.constantFrom("depth", "area"), value, { minKeys: 1 }),
    ),
  );
  const setup = fc.record({ settings, model: fc.constantFrom("a", "b") });
  fc.assert(fc.property(setup, setup, (one, other) => {
    assertEquals(
      differenceOf(one, other) === undefined,
      idOfSetup(one) === idOfSetup(other),
    );
  }));
});

Deno.test("differenceOf() names the settings of a group, a few of them, and shortens a hash", () => {
  const one = { settings: { instances: { depth: 1, area: 20 } }, model: "a" };
  assertEquals(
    differenceOf(one, { ...one, settings: { instances: { depth: 2 } } }),
    {
      one: "instances.depth 1, instances.area 20",
      other: "instances.depth 2, instances.area not set",
    },
  );
  const hash = "0123456789abcdef0123456789abcdef";
  assertEquals(
    differenceOf({ ...one, model: hash }, { ...one, model: `${hash} int8` }),
    { one: "model 0123456789ab", other: "model 0123456789ab int8" },
  );
  const many = Object.fromEntries(
    Array.from("abcdefgh", (name) => [name, name]),
  );
  assertEquals(
    differenceOf({ settings: many, model: "" }, { settings: {}, model: "" })
      ?.one,
    'a "a", b "b", c "c"',
  );
});
