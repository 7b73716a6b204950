import { assert, assertEquals, assertThrows } from "@std/assert";
import { resolve } from "@std/path";
import { UsageError } from "@unet/errors";
import {
  idAmong,
  isDataSetting,
  nameOfSource,
  ownIdOf,
  parseSources,
  resolveData,
  sourcesOf,
} from "./data_sources.ts";

Deno.test("nameOfSource() is the last part of a path without the ending of a zip", () => {
  const names = ["more/tnbc.zip", "a/B.ZIP", "plates/", "x.tar", "."]
    .map(nameOfSource);
  const here = nameOfSource(Deno.cwd());
  assertEquals(names, ["tnbc", "B", "plates", "x.tar", here]);
});

Deno.test("parseSources() keeps one path as it is, and names several", () => {
  assertEquals(parseSources(["cells.zip"]), "cells.zip");
  assertEquals(parseSources(["a=cells.zip"]), [{
    name: "a",
    path: "cells.zip",
  }]);
  assertEquals(parseSources(["./a=b", "x/cells.zip"]), [
    { name: "a=b", path: "./a=b" },
    { name: "cells", path: "x/cells.zip" },
  ]);
});

Deno.test("resolveData() makes paths whole", () => {
  assertEquals(resolveData(null), null);
  assertEquals(resolveData("cells"), resolve("cells"));
  assertEquals(resolveData(parseSources(["a", "b"])), [
    { name: "a", path: resolve("a") },
    { name: "b", path: resolve("b") },
  ]);
});

Deno.test("resolveData() refuses sources that could be taken for one another", () => {
  const refusal = (...texts: string[]): string =>
    assertThrows(() => resolveData(parseSources(texts)), UsageError).message;
  for (
    const [texts, part] of [
      [["x/cells", "y/cells"], '"cells" as the name of'],
      [["x/Cells", "y/cells.zip"], "as the name of"],
      [["a", "./a"], "twice"],
      [["a=x", "b=x"], "twice"],
      [["./p=q", "b"], 'the name "p=q"'],
      [["p,q", "b"], 'the name "p,q"'],
    ] as const
  ) {
    assert(refusal(...texts).includes(part), refusal(...texts));
  }
  assert(refusal("x/cells", "y/cells").includes("`data NAME=PATH`"));
});

Deno.test("ownIdOf() undoes idAmong(), whatever the ids", () => {
  const sources = sourcesOf(parseSources(["a", "b"]));
  for (const id of ["1", "a/1", "b/c/d"]) {
    assertEquals(ownIdOf(sources, idAmong(sources, "b", id)), {
      source: "b",
      id,
    });
    const one = sourcesOf("cells.zip");
    assertEquals(idAmong(one, "cells", id), id);
    assertEquals(ownIdOf(one, id), { source: "cells", id });
  }
});

Deno.test("isDataSetting() takes what runs of any version hold", () => {
  for (const right of [null, "/data/cells.zip", [{ name: "a", path: "/a" }]]) {
    assert(isDataSetting(right));
  }
  const wrong = [7, [], ["a"], [{ name: "a/b", path: "/a" }], [{ name: "a" }]];
  for (const one of wrong) assert(!isDataSetting(one));
});
