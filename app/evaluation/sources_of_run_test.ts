import { assert, assertEquals, assertThrows } from "@std/assert";
import { resolve } from "@std/path";
import { TrainingError, UsageError } from "@unet/errors";
import { areOfRun, asRunCalls, sourcesOfRun } from "./sources_of_run.ts";

const trained = ["cells", "tissue"].map((name) => ({
  ...{ name, path: resolve(`lab/${name}.zip`) },
}));
const [cells, tissue] = trained;

Deno.test("sourcesOfRun() reads one data set, several and none of a run's settings", () => {
  const of = (data: unknown) => sourcesOfRun({ data }, "config.json");
  assertEquals(of("lab/cells.zip"), [{ name: "cells", path: "lab/cells.zip" }]);
  assertEquals(of(trained), trained);
  assertEquals(of(null), []);
  assertEquals(sourcesOfRun({}, "config.json"), []);
  for (const data of [7, [], [{ name: "a/b", path: "x" }], [{ name: "a" }]]) {
    assertThrows(() => of(data), TrainingError, '"config.json": found "data"');
  }
});

Deno.test("areOfRun() knows a run's data by its path, however it is written", () => {
  const path = "lab/../lab/cells.zip";
  assert(areOfRun([{ name: "other", path }], trained));
  assert(!areOfRun([{ name: "cells", path: "new/cells.zip" }], trained));
});

Deno.test("asRunCalls() gives data the run's name by its path, or takes it by name", () => {
  const call = (sources: Parameters<typeof asRunCalls>[0]) =>
    asRunCalls(sources, trained, "validation");
  assertEquals(call([{ name: "x", path: "lab/tissue.zip" }]), [tissue!]);
  const moved = { name: "cells", path: resolve("new/cells.zip") };
  assertEquals(call([moved]), [moved]);
  assertEquals(call([tissue!, cells!]), [tissue!, cells!]);
  for (
    const [sources, words] of [
      [
        [{ name: "plates", path: "plates.zip" }],
        'Cannot evaluate part "validation": found data set "plates" ' +
        "(plates.zip), expected those of the run: cells, tissue; " +
        "`data NAME=PATH` gives",
      ],
      [[cells!, moved], '"cells" as the name of'],
    ] as const
  ) {
    assertThrows(() => call(sources), UsageError, words);
  }
});

Deno.test("asRunCalls() needs no name where run and data are one data set", () => {
  const one = [{ name: "moved", path: "anywhere" }];
  assertEquals(asRunCalls(one, [cells!], "test"), one);
  assertEquals(asRunCalls(one, [], "test"), one);
  const two = [...one, cells!];
  assertThrows(() => asRunCalls(two, [cells!], "test"), UsageError, "cells");
  assertThrows(
    () => asRunCalls(two, [], "test"),
    UsageError,
    "expected one data set",
  );
});
