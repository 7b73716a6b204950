import { assertEquals } from "@std/assert";
import { faultOfClasses, withBackgroundFirst } from "./class_list.ts";

Deno.test("faultOfClasses() takes names of any script, and at most 255", () => {
  const named = (count: number) =>
    Array.from(
      { length: count },
      (_, value) => ({ name: `核 ${value}`, value }),
    );
  assertEquals(faultOfClasses(named(255)), undefined);
  assertEquals(faultOfClasses(named(256))?.found, "256 of them");
});

Deno.test("faultOfClasses() refuses names and values that stand for two classes", () => {
  const background = { name: "background", value: 0 };
  assertEquals(
    faultOfClasses([background, { name: "axon", value: 0 }])?.found,
    "0 twice",
  );
  assertEquals(
    faultOfClasses([background, { name: "Background", value: 1 }])?.expected,
    "names that differ in more than capitals",
  );
});

Deno.test("withBackgroundFirst() moves the background alone", () => {
  const classes = ["axon", "Background", "myelin"]
    .map((name, value) => ({ name, value }));
  assertEquals(withBackgroundFirst(classes).map(({ value }) => value), [
    1,
    0,
    2,
  ]);
});
