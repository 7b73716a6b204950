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
