import { assertEquals } from "@std/assert";
import { nameObjects } from "./name_objects.ts";

const each = { id: "a", layout: "pairs", images: [], masks: [] } as const;

Deno.test("nameObjects() gives classes in the order of the objects, and lists four that lack one", () => {
  const names = ["background", "tumor"];
  const classes = { names, images: { a: { "7": 1, "3": -1 } } };
  assertEquals(nameObjects(each, ["3", "7"], classes), {
    objectClasses: [-1, 1],
    faults: [],
  });
  const { objectClasses, faults } = nameObjects(
    each,
    ["1", "2", "3", "4", "5", "6", "7"],
    classes,
  );
  assertEquals(objectClasses, [-1, -1, -1, -1, -1, -1, 1]);
  assertEquals(
    faults.map(({ message }) => message),
    [
      'Cannot use classes of case "a": found no class of 1, 2, 4, 5 and 1 ' +
      "more, expected a line for each object in classes.csv",
    ],
  );
});

Deno.test("nameObjects() says how an id is written that a table writes otherwise", () => {
  for (
    const [written, meant] of [
      ...[["1.0", "1"], ["01", "1"], ["1", "001"], ["m2.png", "m2"]],
      ["M2", "m2"],
    ] as const
  ) {
    const images = { a: { [written]: 1 } };
    const classes = { names: ["background", "tumor"], images };
    const { faults } = nameObjects(each, [meant], classes);
    assertEquals(
      faults[1]?.message,
      `Cannot use classes of case "a": found a class of ${written}, which its ` +
        `masks lack, expected its objects: ${meant}; ids are compared as ` +
        `written: write ${meant}, not ${written}`,
    );
  }
  const images = { a: { "9": 1 } };
  const classes = { names: ["background", "tumor"], images };
  const { faults } = nameObjects(each, ["1"], classes);
  assertEquals(faults[1]?.message.endsWith("its objects: 1"), true);
});

Deno.test("nameObjects() compares names in one Unicode form", () => {
  const images = { a: { "\u00e9": 1 } };
  const classes = { names: ["background", "tumor"], images };
  assertEquals(nameObjects(each, ["e\u0301"], classes), {
    objectClasses: [1],
    faults: [],
  });
});
