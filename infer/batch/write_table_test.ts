import { assertEquals } from "@std/assert";
import { MeasurementCsv } from "../outputs/measurement_csv.ts";
import type { DoneEvent } from "./manifest_event.ts";
import { writeTable } from "./write_table.ts";

const folder = await Deno.makeTempDir();

function record(name: string, setup: string, ...paths: string[]) {
  const done: DoneEvent = {
    ...{ event: "done", at: "", name, input: name, size: 0, modified: 0 },
    ...{ hash: "", setup, counts: {}, seconds: 0 },
    outputs: paths.map((path) => ({ path, size: 1 })),
  };
  return { name, at: "", begun: [], isOpen: false, done };
}

Deno.test("writeTable() takes the tables among files' outputs, and counts the setups that made them", async () => {
  await Deno.mkdir(`${folder}/b`);
  for (const name of ["a", "b/c"]) {
    await using csv = await MeasurementCsv.open(`${folder}/${name}.csv`);
    await csv.finish();
  }
  const path = `${folder}/measurements.csv`;
  const { done: _, ...failed } = record("failed.tif", "1");
  const records = [
    record("a.tif", "1", "a.png", "a.csv"),
    record("without.tif", "3", "without.png"),
    failed,
    record("b/c.tif", "2", "b/c.csv"),
  ];
  assertEquals(await writeTable(path, { records, folder }), {
    ...{ path, images: 2, stacks: 0, objects: 0, sections: 0, classes: 0 },
    ...{ faults: [], setups: 2 },
  });
});
