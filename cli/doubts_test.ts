import { assertEquals } from "@std/assert";
import type { MaskOptions } from "@unet/data";
import { describeDoubt, Doubts } from "./doubts.ts";

const planes = (name: string, count: number) => ({
  kind: "planes",
  message: `${name}: ${count} planes: plane 0 taken`,
});

Deno.test("describeDoubt() says what to do about a note on reading", () => {
  assertEquals(
    describeDoubt(planes("a.tif", 5)),
    "a.tif: 5 planes: plane 0 taken; --plane N takes another, --plane max projects, segment --plane all takes each",
  );
  const message =
    'Cannot use all masks of case "a": found mask a.png all black';
  assertEquals(describeDoubt({ kind: "empty-mask", message }), message);
  assertEquals(describeDoubt({ kind: "toString", message }), message);
});

Deno.test("describeDoubt() names the flags that decide how masks are read", () => {
  const flagsOf = (kind: string, suggestion: MaskOptions) =>
    describeDoubt({ kind, message: "Cannot trust it", suggestion });
  assertEquals(
    flagsOf("wrong-background", { background: [255] }),
    "Cannot trust it (--background 255)",
  );
  assertEquals(
    flagsOf("wrong-background", { background: ["#440154"] }),
    "Cannot trust it (--background '#440154')",
  );
  assertEquals(
    flagsOf("negative-values", { background: [-1, 0] }),
    "Cannot trust it (--background=-1,0 confirms it)",
  );
  assertEquals(
    flagsOf("class-map", { mask: "binary" }),
    "Cannot trust it (--mask binary takes each part for one)",
  );
});

Deno.test("Doubts print as many of a kind as they are asked to", () => {
  const lines: string[] = [];
  const doubts = new Doubts((line) => lines.push(line), 2);
  for (const name of ["a", "b", "c"]) doubts.add(planes(name, 2));
  doubts.end();
  assertEquals(lines.length, 3);
  assertEquals(lines[2], "warning: the same of 1 more image (planes)");
});

Deno.test("Doubts print the first of each kind as it comes, and count the others", () => {
  const lines: string[] = [];
  const doubts = new Doubts((line) => lines.push(line));
  doubts.add(planes("a.tif", 5));
  doubts.add(planes("b.tif", 5));
  doubts.add({ kind: "orientation", message: "a.jpg: on its side" });
  doubts.add(planes("c.tif", 7));
  assertEquals(lines.map((line) => line.split(":", 2).join(":")), [
    "warning: a.tif",
    "warning: a.jpg",
  ]);
  doubts.end();
  assertEquals(lines.slice(2), [
    "warning: the same of 2 more images (planes)",
  ]);
});
