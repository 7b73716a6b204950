import { assertEquals, assertThrows } from "@std/assert";
import { withCustomFormats } from "./custom_formats.ts";
import type { AnyFormat } from "./format.ts";
import { formatsOf } from "./formats.ts";

const open = () => Promise.reject(new Error("is never opened"));
const centers: AnyFormat = {
  ...{ help: "centers of objects", ending: "_centers.txt", open },
  takes: "measured",
};

Deno.test("withCustomFormats() gives the network's formats, and the program's own after them", () => {
  const table = withCustomFormats("objects", { centers });
  assertEquals(
    Object.keys(table),
    [...Object.keys(formatsOf.objects), "centers"],
  );
  assertEquals(table.centers, centers);
  assertEquals(withCustomFormats("classes"), formatsOf.classes);
});

Deno.test("withCustomFormats() refuses a format with the name or the ending of another", () => {
  const refused: [Record<string, AnyFormat>, string][] = [
    [{ png: centers }, "found the name of another format"],
    [
      { mine: { ...centers, ending: ".CSV" } },
      'Cannot write format "mine": found the ending ".CSV", which is that of csv',
    ],
    [
      { one: centers, two: centers },
      'Cannot write format "two": found the ending "_centers.txt", which is ' +
      "that of one, expected a unique name and ending",
    ],
    [
      { up: { ...centers, ending: "/../x" } },
      'found the ending "/../x", expected one such as .json or _centers.json',
    ],
  ];
  for (const [custom, message] of refused) {
    assertThrows(
      () => withCustomFormats("objects", custom),
      RangeError,
      message,
    );
  }
});

Deno.test("withCustomFormats() refuses a format of a part that the network does not give", () => {
  const numbers: AnyFormat = {
    ...{ help: "numbers", ending: "_numbers.txt", open },
    takes: "labels",
  };
  assertEquals(
    withCustomFormats("objects", { numbers }).numbers,
    numbers,
  );
  assertThrows(
    () => withCustomFormats("classes", { numbers }),
    RangeError,
    'Cannot write format "numbers": found a format of labels, and a network ' +
      "that finds classes, expected a format of classMap, ",
  );
});
