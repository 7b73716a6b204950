import { assertEquals } from "@std/assert";
import { instanceOf } from "./fixtures/sample_instances.ts";
import { writeBatchTable } from "./batch_table.ts";
import { writeClassAreas } from "./class_areas.ts";
import { measureInstance } from "./measure_instance.ts";
import { measurementColumns } from "./measurement_columns.ts";
import { MeasurementCsv } from "./measurement_csv.ts";

const folder = await Deno.makeTempDir();
const path = `${folder}/measurements.csv`;

/** Writes an image's table: an object per value of each channel. */
async function table(
  name: string,
  channels: Readonly<Record<string, readonly number[]>>,
) {
  const names = Object.keys(channels), path = `${folder}/${name}.csv`;
  await using csv = await MeasurementCsv.open(path, { channels: names });
  const [first = []] = Object.values(channels);
  for (const label of first.keys()) {
    await csv.add([
      measureInstance(instanceOf(["#"], { label: label + 1 }), {
        channels: names.map((name) => ({
          name,
          pixels: {
            ...{ width: 1, height: 1, channels: 1, depth: 8 } as const,
            data: new Uint8Array([channels[name]![label]!]),
          },
        })),
      }),
    ]);
  }
  await csv.finish();
  return { name, path, setup: "0123" };
}

/** Some columns of the table that was written. */
async function columns(...names: string[]): Promise<string[][]> {
  const lines = (await Deno.readTextFile(path)).split("\r\n");
  assertEquals(lines.pop(), "");
  const [header = [], ...rows] = lines.map((line) => line.split(","));
  return rows.map((row) => names.map((name) => row[header.indexOf(name)]!));
}

Deno.test("writeBatchTable() puts images' tables together, with the columns of all channels", async () => {
  const tables = [
    await table("a", { DAPI: [7, 9] }),
    await table("none", { DAPI: [] }),
    await table("b", { FITC: [3], DAPI: [5] }),
  ];
  assertEquals(await writeBatchTable(path, tables), {
    ...{ images: 3, stacks: 0, objects: 3, sections: 3, classes: 0 },
    faults: [],
  });
  const [header] = (await Deno.readTextFile(path)).split("\r\n");
  assertEquals(
    header,
    ["file", ...measurementColumns(["DAPI", "FITC"]), "setup"].join(","),
  );
  assertEquals(
    await columns("file", "label", "mean_DAPI", "max_FITC", "setup"),
    [
      ["a", "1", "7", "", "0123"],
      ["a", "2", "9", "", "0123"],
      ["b", "1", "5", "3", "0123"],
    ],
  );
});

Deno.test("writeBatchTable() puts areas of classes beside objects, each in its columns", async () => {
  const areas = { name: "c", path: `${folder}/c.csv`, setup: "4567" };
  const classes = [
    { name: "background", pixels: 3 },
    { name: "axon", pixels: 1 },
  ];
  await writeClassAreas(areas.path, classes);
  assertEquals(await writeBatchTable(path, [areas]), {
    ...{
      images: 1,
      stacks: 0,
      objects: 0,
      sections: 0,
      classes: 2,
      faults: [],
    },
  });
  assertEquals(
    await Deno.readTextFile(path),
    [
      "file,class,number,area_px,area_um2,share,setup",
      "c,background,0,3,,0.75,4567",
      "c,axon,1,1,,0.25,4567",
      "",
    ].join("\r\n"),
  );
  const objects = await table("a", { DAPI: [7] });
  assertEquals(await writeBatchTable(path, [areas, objects]), {
    ...{
      images: 2,
      stacks: 0,
      objects: 1,
      sections: 1,
      classes: 2,
      faults: [],
    },
  });
  assertEquals(
    await columns("file", "label", "area_px", "class", "share", "mean_DAPI"),
    [
      ["c", "", "3", "background", "0.75", ""],
      ["c", "", "1", "axon", "0.25", ""],
      ["a", "1", "1", "", "", "7"],
    ],
  );
});

Deno.test("writeBatchTable() reads tables of any length, whose lines end as another program wrote them", async () => {
  const long = await table("long", { gray: Array(5000).fill(1) });
  const text = await Deno.readTextFile(long.path);
  await Deno.writeTextFile(long.path, text.replaceAll("\r\n", "\n").trimEnd());
  const { objects, faults } = await writeBatchTable(path, [long]);
  assertEquals([objects, faults], [5000, []]);
  const labels = (await columns("label")).map(([label]) => Number(label));
  assertEquals(labels, Array.from({ length: 5000 }, (_, at) => at + 1));
});

Deno.test("writeBatchTable() quotes names that hold commas, quotes and line breaks", async () => {
  const name = 'a,"b"\n.tif';
  const { path: one } = await table("quoted", { gray: [1] });
  await writeBatchTable(path, [{ name, path: one, setup: "0" }]);
  const text = await Deno.readTextFile(path);
  assertEquals(text.split("\r\n")[1]!.slice(0, 19), '"a,""b""\n.tif",1,0,');
});

Deno.test("writeBatchTable() writes names that begin as a formula with their folder", async () => {
  const { path: one } = await table("formula", { gray: [1] });
  const names = [
    "=1+1.tif",
    "+a.tif",
    "-a.tif",
    "@a.tif",
    "\ta.tif",
    "a=1.tif",
  ];
  await writeBatchTable(
    path,
    names.map((name) => ({ name, path: one, setup: "0" })),
  );
  const [, ...lines] = (await Deno.readTextFile(path)).trimEnd().split("\r\n");
  assertEquals(lines.map((line) => line.split(",")[0]), [
    ...["./=1+1.tif", "./+a.tif", "./-a.tif", "./@a.tif", "./\ta.tif"],
    "a=1.tif",
  ]);
});

Deno.test("writeBatchTable() leaves out tables that are missing or were changed beyond reading, and says so", async () => {
  const good = await table("good", { gray: [1] });
  const cut = await table("cut", { gray: [1, 2] });
  const text = await Deno.readTextFile(cut.path);
  await Deno.writeTextFile(cut.path, text.slice(0, -20));
  const other = { ...good, path: `${folder}/other.csv` };
  await Deno.writeTextFile(other.path, "name;area\na;3\n");
  const empty = { ...good, path: `${folder}/empty.csv` };
  await Deno.writeTextFile(empty.path, "");
  const endless = { ...good, path: `${folder}/endless.csv` };
  await Deno.writeTextFile(endless.path, "x".repeat(3e6));
  const gone = { ...good, path: `${folder}/gone.csv` };
  const tables = [cut, other, empty, endless, gone, good];
  const { images, objects, faults } = await writeBatchTable(path, tables);
  assertEquals([images, objects], [1, 1]);
  const rest = "expected a table of measurements as this program writes it; " +
    "remove it, and the next run writes it again";
  assertEquals(faults, [
    `Cannot read table "${cut.path}": found a row of 18 cells, not 25, ${rest}`,
    `Cannot read table "${other.path}": found other columns, ${rest}`,
    `Cannot read table "${empty.path}": found an empty file, ${rest}`,
    `Cannot read table "${endless.path}": found no lines, ${rest}`,
    `Cannot read table "${gone.path}": found no such file or folder`,
  ]);
});
