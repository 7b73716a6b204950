import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "@unet/errors";
import type { CardSettings } from "./card_settings.ts";
import { diameterOf } from "./diameter_of.ts";

const old: CardSettings = { instances: {} };
const diameters = { low: 9, median: 22, high: 64 };
const card: CardSettings = { ...old, diameters };

Deno.test("diameterOf() takes what the model learned from its card, or from a person", () => {
  assertEquals(diameterOf({ diameter: 90 }, card), {
    ...{ wanted: 90, ...diameters },
  });
  const modelDiameter = { low: 10, median: 20, high: 40 };
  const given = { diameter: 90, modelDiameter };
  const settings = { wanted: 90, ...modelDiameter };
  assertEquals(diameterOf(given, card), settings);
  assertEquals(diameterOf(given, old), settings);
});

Deno.test("diameterOf() says what the model knows where images are measured", () => {
  const notes: string[] = [];
  const auto = { wanted: "auto" as const, ...diameters };
  assertEquals(
    diameterOf({ diameter: "auto" }, card, (line) => notes.push(line)),
    auto,
  );
  assertEquals(notes, [
    "Diameter: measured in each image; the model knows 9 to 64 px " +
    "(`diameter off` leaves images as they are)",
  ]);
  assertEquals(diameterOf({}, card, (line) => notes.push(line)), auto);
  assertEquals(diameterOf({ diameter: null }, card), auto);
  assertEquals(notes.length, 2);
  assertEquals(notes[1], notes[0]);
});

Deno.test("diameterOf() leaves images alone where nobody knows the sizes, a pixel size decides, or somebody says so", () => {
  assertEquals(diameterOf({}, old), undefined);
  assertEquals(
    diameterOf({ diameter: null, modelDiameter: null }, old),
    undefined,
  );
  assertEquals(diameterOf({ diameter: "off" }, card), undefined);
  assertEquals(diameterOf({ pixelSize: 0.5 }, card), undefined);
});

Deno.test("diameterOf() does as the card says where nobody decides", () => {
  const notes: string[] = [];
  const note = (line: string) => void notes.push(line);
  const fitted: CardSettings = { ...card, diameter: "off" };
  assertEquals(diameterOf({}, fitted, note), undefined);
  assertEquals(notes, [
    "Diameter: images are seen as they are, as the model was trained " +
    "(`diameter auto` measures them)",
  ]);
  assertEquals(diameterOf({ pixelSize: 0.5 }, fitted, note), undefined);
  assertEquals(notes.length, 1);
  const auto = { wanted: "auto" as const, ...diameters };
  assertEquals(diameterOf({ diameter: "auto" }, fitted), auto);
  assertEquals(diameterOf({ modelDiameter: diameters }, fitted), auto);
  assertEquals(diameterOf({}, { ...card, diameter: 30 }), {
    ...{ wanted: 30, ...diameters },
  });
});

Deno.test("diameterOf() asks for what is missing", () => {
  assertEquals(
    assertThrows(() => diameterOf({ diameter: 90 }, old), UsageError).message,
    'Cannot use setting "diameter": found a model without ' +
      "diameters in its card, expected the diameters that it was trained on; give the median " +
      "of its training images as `modelDiameter`",
  );
  assertThrows(
    () => diameterOf({ diameter: "off", modelDiameter: diameters }, old),
    UsageError,
    "found no `diameter` beside it",
  );
});

Deno.test("diameterOf() names the options of instances that a person gave in pixels of the images", () => {
  const choices = { diameter: 90, minimalArea: 50, depth: null };
  assertEquals(diameterOf(choices, card)?.kept, ["minimalArea"]);
});
