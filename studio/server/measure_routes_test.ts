import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { encodePng, synthesize } from "@unet/data";
import { faultOf, openPlace } from "../fixtures/place.ts";
import type { Visitor } from "../fixtures/visitor.ts";
import type { JobState } from "../jobs/jobs.ts";
import type { MaskState } from "../masks/mask_state.ts";
import { decodeTable, type ObjectTable } from "../measure/table_message.ts";

const size = { width: 96, height: 64 };
const [drawn] = synthesize({ count: 1, ...size, seed: 3 });
const image = await encodePng(drawn!.image);
const mask = await encodePng({
  ...{ ...size, channels: 1, depth: 16 },
  data: Uint16Array.from(drawn!.labels.data),
});
const objects = new Set(drawn!.labels.data).size - 1;

async function tableOf({ get }: Visitor, query: string): Promise<ObjectTable> {
  const response = await get(`/api/measurements?${query}`);
  if (!response.ok) throw new Error(await response.text());
  return decodeTable(await response.arrayBuffer());
}

Deno.test("/api/measurements follows edits, undo and classes, and says which mask it measured", async () => {
  await using here = await openPlace({ "a.png": image });
  const { visitor } = here;
  const none = await visitor.get("/api/measurements?name=a.png");
  assertMatch(await faultOf(none, 404), /found no mask; predict it, or draw/);
  let known: MaskState = await (await visitor.get("/api/mask?name=a.png"))
    .json();
  const edit = async (operation: unknown) => {
    const { mask, edit: number } = known;
    const body = { name: "a.png", mask, number, edit: operation };
    known = await (await visitor.post("/api/edit", body)).json();
  };
  const brush = { tool: "brush", size: 9, as: "object", over: false };
  await edit({ ...brush, points: [20, 20] });
  const first = await tableOf(visitor, "name=a.png");
  assertEquals(first.head.rows, 1);
  assertEquals(first.head.source, { state: "corrected", words: "corrected" });
  assertEquals(first.head.version, `${known.mask}-${known.edit}`);
  const area = first.values.get("area_px")![0]!;
  assert(area > 50 && area < 90, String(area));
  assertEquals([first.values.get("centroid_x_px")![0]], [20]);
  await edit({ ...brush, points: [60, 40, 70, 40] });
  await edit({ tool: "class", points: [60, 40], name: "big" });
  const second = await tableOf(visitor, "name=a.png");
  assertEquals(second.head.classes, ["background", "big"]);
  assertEquals([...second.values.get("class")!], [NaN, 1]);
  assertEquals(second.values.get("area_px")![0], area);
  await edit({ tool: "undo" });
  await edit({ tool: "undo" });
  assertEquals((await tableOf(visitor, "name=a.png")).head.rows, 1);
});

Deno.test("/api/measurements/file gives all objects or those of a filter, under a name of the image's", async () => {
  const name = "b (1)'s.png";
  await using here = await openPlace({
    [name]: image,
    [`masks/${name}`]: mask,
  });
  const { visitor, folder } = here;
  const address = (format: string, filter?: unknown) =>
    `/api/measurements/file?${new URLSearchParams({
      ...{ name, format },
      ...(filter !== undefined && { filter: JSON.stringify(filter) }),
    })}`;
  const all = await visitor.get(address("csv"));
  assertEquals(
    all.headers.get("content-disposition"),
    "attachment; filename*=UTF-8''b%20%281%29%27s.csv",
  );
  const lines = (await all.text()).trimEnd().split("\r\n");
  assertEquals(lines.length, objects + 1);
  const { values } = await tableOf(visitor, new URLSearchParams({ name }) + "");
  const areas = [...values.get("area_px")!].sort((a, b) => a - b);
  const least = areas[areas.length >> 1]!;
  const wanted = areas.filter((area) => area >= least).length;
  assert(wanted < objects);
  const filter = { ranges: { area_px: [least, null] }, classes: null };
  const some = await visitor.get(address("csv", filter));
  assertMatch(some.headers.get("content-disposition")!, /_filtered\.csv$/);
  const rows = (await some.text()).trimEnd().split("\r\n").slice(1);
  assertEquals(rows, lines.slice(1).filter((line) => rows.includes(line)));
  assertEquals(rows.length, wanted);
  const coco = await (await visitor.get(address("coco", filter))).json();
  assertEquals([coco.annotations.length, coco.images[0].file_name], [
    ...[wanted, name],
  ]);
  const json = await (await visitor.get(address("geojson", filter))).json();
  assertEquals(json.features.length, wanted);
  const zip = await visitor.get(address("roi", filter));
  const bytes = new Uint8Array(await zip.arrayBuffer());
  assertEquals([...bytes.subarray(0, 2)], [0x50, 0x4b]);
  // What was written for a download is gone, and the folder is as it was.
  assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), [
    ...[".studio", name, "masks"].sort(),
  ]);
});

Deno.test("/api/measurements refuses bad names, numbers, formats and filters, and masks that do not fit", async () => {
  const wide = { width: 3, height: 2, channels: 1, depth: 8 } as const;
  const other = await encodePng({ ...wide, data: new Uint8Array(6).fill(1) });
  await using here = await openPlace({
    ...{ "a.png": image, "masks/a.png": mask },
    ...{ "c.png": image, "masks/c.png": other },
    ...{ "d.png": image, "masks/d.png": "no mask" },
  });
  const { visitor, folder } = here;
  const many = JSON.stringify({ ranges: {}, classes: Array(1001).fill("a") });
  const cases: [path: string, status: number, found: RegExp][] = [
    ["measurements", 400, /found name nothing/],
    ["measurements?name=b.png", 404, /no such image/],
    ["measurements?name=..%2Fa.png", 404, /no such image/],
    ["measurements?name=a.png&plane=-1", 400, /found plane/],
    ["measurements?name=a.png&plane=7", 422, /plane 7/],
    ["measurements?name=c.png", 422, /found a mask of 3 × 2 pixels/],
    ["measurements?name=d.png", 422, /Cannot read/],
    ["measurements/file?name=a.png", 400, /found format nothing/],
    ["measurements/file?name=a.png&format=png", 400, /expected csv, geojson/],
    ["measurements/file?name=b.png&format=csv", 404, /no such image/],
    ["measurements/file?name=a.png&format=csv&filter={", 400, /found filter/],
    ["measurements/file?name=a.png&format=csv&filter=[]", 400, /found filter/],
    [
      `measurements/file?name=a.png&format=csv&filter=${
        encodeURIComponent(many)
      }`,
      ...[400, /found filter/] as const,
    ],
    [
      `measurements/file?name=a.png&format=csv&filter=${
        encodeURIComponent('{"ranges":{"none":[0,1]},"classes":null}')
      }`,
      ...[422, /found a range of column "none", expected .*area_px/] as const,
    ],
  ];
  for (const [path, status, found] of cases) {
    const response = await visitor.get(`/api/${path}`);
    assertMatch(await faultOf(response, status), found, path);
  }
  const foreign = { origin: "http://evil.example" };
  for (const path of ["measurements", "measurements/file"]) {
    const address = `/api/${path}?name=a.png&format=csv`;
    await faultOf(await visitor.get(address, foreign), 403);
    const unknown = await fetch(visitor.origin + address);
    await faultOf(unknown, 403);
  }
  // A mask that changes on the disk is measured as it is now.
  const before = await tableOf(visitor, "name=a.png");
  await Deno.writeFile(
    join(folder, "masks", "a.png"),
    await encodePng({
      ...{ ...size, channels: 1, depth: 16 },
      data: Uint16Array.from(drawn!.labels.data, (label) => label % 2),
    }),
  );
  const after = await tableOf(visitor, "name=a.png");
  assertEquals([before.head.rows, after.head.rows], [objects, 1]);
});

Deno.test("/api/measure puts the masks of the folder into one table and one page, which say what each is", async () => {
  await using here = await openPlace({
    ...{ "a.png": image, "masks/a.png": mask },
    ...{ "b.png": image, "masks/b.png": "no mask", "c.png": image },
  });
  const { get, post } = here.visitor;
  const none = await get("/api/measure/table");
  assertMatch(await faultOf(none, 404), /measure the folder first/);
  await (await post("/api/measure", {})).json();
  let job: JobState;
  do job = await (await get("/api/job")).json(); while (
    job.state === "running"
  );
  assertEquals([job.type, job.total, job.done, job.failed], [
    ...["measure", 2, 2, 1],
  ]);
  assertMatch(job.faults.join(), /b\.png/);
  const table = await get("/api/measure/table");
  assertMatch(table.headers.get("content-disposition")!, /measurements\.csv$/);
  const lines = (await table.text()).trimEnd().split("\r\n").slice(1);
  assertEquals(lines.length, objects);
  for (const line of lines) assertMatch(line, /^a\.png,.*,corrected$/);
  const page = await (await get("/api/measure/page")).text();
  assertMatch(page, /b\.png/);
  await using empty = await openPlace({ "a.png": image });
  const refused = await empty.visitor.post("/api/measure", {});
  assertMatch(await faultOf(refused, 409), /found no mask/);
  const foreign = { origin: "http://evil.example" };
  await faultOf(await post("/api/measure", {}, foreign), 403);
});
