import { assertEquals, assertNotEquals } from "@std/assert";
import { classColor } from "@unet/infer/class-color";
import { labelColor } from "@unet/infer/label-color";
import { noClass, ObjectClasses, pixelOf } from "./object_classes.ts";

const found = {
  kind: "objects",
  names: ["tumor", "stroma"],
  places: [[3, 1], [7, 2], [8, 2]],
} as const;
const nothing: ReadonlySet<string> = new Set();

Deno.test("ObjectClasses colors by class or by object, and leaves out what is hidden", () => {
  const classes = new ObjectClasses("a.png", found);
  const byClass = { by: "class", hidden: nothing } as const;
  assertEquals(classes.pixelOf(7, byClass), pixelOf(classColor(2)));
  assertEquals(classes.pixelOf(8, byClass), classes.pixelOf(7, byClass));
  assertNotEquals(classes.pixelOf(3, byClass), classes.pixelOf(7, byClass));
  assertEquals(classes.pixelOf(9, byClass), pixelOf(classes.colorOf(noClass)));
  const hidden = new Set(["stroma", noClass]);
  for (const by of ["class", "object"] as const) {
    const seen = [3, 7, 9].map((label) =>
      classes.pixelOf(label, { by, hidden })
    );
    assertEquals([seen[0] !== 0, ...seen.slice(1)], [true, 0, 0]);
  }
  const byObject = { by: "object", hidden: nothing } as const;
  assertEquals(classes.pixelOf(7, byObject), pixelOf(labelColor(7)));
});

Deno.test("ObjectClasses follows edits: other classes, new ones, and none", () => {
  const classes = new ObjectClasses("a.png", found);
  assertEquals(classes.isAs("a.png", found), true);
  classes.take([[3, "stroma"], [9, "new"], [8, noClass]]);
  assertEquals([...classes.counts()], [["tumor", 0], ["stroma", 2], [
    "new",
    1,
  ]]);
  assertEquals(classes.isAs("a.png", found), false);
  assertEquals(
    classes.isAs("a.png", {
      ...{ kind: "objects", names: ["tumor", "stroma", "new"] },
      places: [[3, 2], [7, 2], [9, 3]],
    }),
    true,
  );
});

Deno.test("pixelOf() gives the bytes of a canvas: red, green, blue, opaque", () => {
  const pixel = new Uint32Array([pixelOf([1, 2, 3])]);
  assertEquals([...new Uint8Array(pixel.buffer)], [1, 2, 3, 255]);
});
