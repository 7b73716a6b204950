import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { maskOf } from "../fixtures/drawn_mask.ts";
import { unlabeled } from "../targets/class_target.ts";
import {
  describeClasses,
  describeStrangers,
  readClassMask,
} from "./read_class_mask.ts";

const classes = [
  { name: "background", value: 0 },
  { name: "axon", value: 255 },
  { name: "myelin", value: "#00ff00" },
];

Deno.test("readClassMask() gives each pixel the place of its value's class", () => {
  fc.assert(fc.property(
    fc.uniqueArray(fc.nat(255), { minLength: 3, maxLength: 6 }),
    fc.array(fc.nat(255), { minLength: 1, maxLength: 60 }),
    (values, stored) => {
      const [ignored, ...known] = values;
      const { labels, strangers } = readClassMask(
        maskOf(Uint8Array.from(stored), stored.length),
        {
          classes: known.map((value) => ({ name: `of ${value}`, value })),
          ignore: [ignored!],
        },
      );
      assertEquals(
        [...labels.data],
        stored.map((one) =>
          known.includes(one) ? known.indexOf(one) : unlabeled
        ),
      );
      const others = stored.filter((one) => !values.includes(one));
      assertEquals(
        [...strangers.values()].reduce((sum, one) => sum + one, 0),
        others.length,
      );
      assertEquals(
        new Set(strangers.keys()),
        new Set(others.map((one) => `${one}`)),
      );
    },
  ));
});

Deno.test("readClassMask() finds colors in a palette, where a color may come twice", () => {
  const palette = ["#000000", "#00ff00", "#7f0000", "#00ff00"];
  const mask = maskOf(Uint8Array.of(0, 1, 2, 3), 4, { palette });
  const { labels, strangers } = readClassMask(mask, {
    ...{ classes, ignore: ["#7f0000"] },
  });
  assertEquals([...labels.data], [0, 2, unlabeled, 2]);
  assertEquals(strangers.size, 0);
});

Deno.test("readClassMask() finds colors and grays in a mask of colors", () => {
  const values = Uint32Array.of(0, 0xffffff, 0x00ff00, 0x0000ff);
  const mask = maskOf(values, 4, { colorBits: 8 });
  const { labels, strangers } = readClassMask(mask, { classes });
  assertEquals([...labels.data], [0, 1, 2, unlabeled]);
  assertEquals([...strangers], [["#0000ff", 1]]);
  const wide = Float64Array.of(0, 0xffff * (2 ** 32 + 2 ** 16 + 1));
  const deep = readClassMask(maskOf(wide, 2, { colorBits: 16 }), {
    classes: [classes[0]!, { name: "white", value: "#ffffff" }],
  });
  assertEquals([...deep.labels.data], [0, 1]);
});

Deno.test("readClassMask() takes no number for another: fractions, NaN and numbers below 0 are strangers", () => {
  const mask = maskOf(Float32Array.of(0, 0.5, NaN, -1, 255), 5);
  const { labels, strangers } = readClassMask(mask, { classes });
  assertEquals([...labels.data], [0, unlabeled, unlabeled, unlabeled, 1]);
  assertEquals(new Set(strangers.keys()), new Set(["nan", "-1", "0.5"]));
  const ignored = readClassMask(mask, { classes, ignore: [-1, 0.5] });
  assertEquals([...ignored.strangers.keys()], ["nan"]);
});

Deno.test("readClassMask() compares fractions as the file's type rounds them", () => {
  const stored = [0, 0.1, 0.7, 1e-7];
  for (const type of [Float16Array, Float32Array, Float64Array]) {
    const mask = maskOf(type.from(stored), 4);
    const { labels, strangers } = readClassMask(mask, {
      classes: [classes[0]!, { name: "axon", value: 0.1 }],
      ignore: [0.7],
    });
    assertEquals([...labels.data], [0, 1, unlabeled, unlabeled]);
    // What is named finds the same pixels when a person writes it.
    const [name] = strangers.keys();
    const again = readClassMask(mask, {
      classes: stored.slice(0, 3).map((value) => ({ name: `${value}`, value })),
      ignore: [Number(name)],
    });
    assertEquals(again.strangers.size, 0, `${type.name} ${name}`);
  }
  const long = readClassMask(maskOf(Uint32Array.of(1234567), 1), { classes });
  assertEquals([...long.strangers.keys()], ["1234567"]);
});

Deno.test("readClassMask() leaves out what is no finite number if it is named", () => {
  const mask = maskOf(Float32Array.of(NaN, Infinity, -Infinity, 0), 4);
  const { strangers } = readClassMask(mask, { classes });
  assertEquals(new Set(strangers.keys()), new Set(["nan", "inf", "-inf"]));
  const { labels, strangers: left } = readClassMask(mask, {
    ...{ classes, ignore: ["nan", "inf", "-inf"] },
  });
  assertEquals(left.size, 0);
  assertEquals([...labels.data], [unlabeled, unlabeled, unlabeled, 0]);
});

Deno.test("describeStrangers() lists four values, and counts the rest", () => {
  const strangers = new Map([["3", 1], ["4", 9], ["5", 2], ["6", 2], ["7", 1]]);
  assertEquals(
    describeStrangers(strangers),
    "3 in 1 pixel, 4 in 9 pixels, 5 in 2 pixels, 6 in 2 pixels and 1 other value",
  );
  assertEquals(
    describeClasses(classes),
    "0 (background), 255 (axon), #00ff00 (myelin)",
  );
});
