import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { encodePng, synthesize, writeKaggle } from "@unet/data";
import { DatasetError, UsageError } from "@unet/errors";
import { checkSources } from "./check_sources.ts";
import { writeSheets } from "./write_sheets.ts";

let folder = "";
const data = ["first", "second"].map((name) => ({ name, path: "" }));

Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir();
  for (const [seed, source] of data.entries()) {
    source.path = join(folder, source.name);
    await writeKaggle(
      synthesize({ count: 3, width: 64, height: 64, seed }),
      source.path,
    );
  }
  // An image of the first under another name in the second.
  const [id] = await idsOf("first");
  const copied = join(folder, "second", "copy");
  for (const part of ["images", "masks"]) {
    await Deno.mkdir(join(copied, part), { recursive: true });
    for (const { name } of Deno.readDirSync(join(folder, "first", id!, part))) {
      await Deno.copyFile(
        join(folder, "first", id!, part, name),
        join(copied, part, part === "images" ? "copy.png" : name),
      );
    }
  }
});

Deno.test.afterAll(async () => {
  await Deno.remove(folder, { recursive: true });
});

async function idsOf(name: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(join(folder, name)));
  return entries.map((entry) => entry.name).sort();
}

async function writeRoles(roles: unknown): Promise<string> {
  const path = join(folder, "roles.json");
  await Deno.writeTextFile(path, JSON.stringify(roles));
  return path;
}

Deno.test("checkSources() checks each data set, and finds an image that several have", async () => {
  const report = await checkSources({ data });
  assertEquals(Object.keys(report.sources), ["first", "second"]);
  assertEquals(report.sources.first!.images, 3);
  assertEquals(report.sources.second!.images, 4);
  const [id] = await idsOf("first");
  assertEquals(
    report.faults.map((fault) => [fault.kind, fault.case, fault.message]),
    [[
      "identical-images",
      `first/${id}`,
      `Cannot split image "first/${id}": found the same pixels in ` +
      '"second/copy", expected different images; they stay in the same part ' +
      "of the split",
    ]],
  );
  assertEquals([report.errors, report.warnings], [0, 1]);
});

Deno.test("checkSources() counts errors of all data sets", async () => {
  const path = join(folder, "broken");
  await Deno.mkdir(join(path, "images"), { recursive: true });
  await Deno.mkdir(join(path, "masks"));
  const size = { width: 8, height: 8, channels: 1, depth: 8 } as const;
  const image = await encodePng({ ...size, data: new Uint8Array(64).fill(1) });
  await Deno.writeFile(join(path, "images", "a.png"), image);
  const report = await checkSources({
    data: [...data, { name: "broken", path }],
  });
  assertEquals(report.errors, 1);
  assertEquals(report.sources.broken!.errors, 1);
});

Deno.test("checkSources() counts roles, and finds copies of another role, in one data set too", async () => {
  const [a, b, c] = await idsOf("first"), second = await idsOf("second");
  const others = second.filter((id) => id !== "copy");
  const roles = await writeRoles({
    first: { train: [b], validation: [a] },
    second: { train: ["copy", ...others.slice(1)] },
  });
  const { sources, faults } = await checkSources({ data, roles });
  assertEquals(sources.first!.roles, { train: 1, validation: 1 });
  assertEquals(sources.first!.unnamed, [c!]);
  assertEquals(sources.second!.roles, { train: 3 });
  assertEquals(
    faults.map(({ message }) => message),
    [
      `Cannot use role of image "first/${a}": found validation, and the same ` +
      'pixels in "second/copy" (train), expected one role for identical ' +
      "images; training leaves out copies of validation images",
    ],
  );
});

Deno.test("checkSources() refuses roles that do not fit, and two data sets of one name", async () => {
  const roles = await writeRoles({ first: { train: ["no-such-image"] } });
  await assertRejects(
    () => checkSources({ data, roles }),
    DatasetError,
    '"no-such-image" in "first"',
  );
  await assertRejects(
    () => checkSources({ data: [data[0]!, { ...data[1]!, name: "First" }] }),
    UsageError,
    "different names",
  );
});

Deno.test("writeSheets() shows the images to train on of several data sets", async () => {
  const [a] = await idsOf("first"), second = await idsOf("second");
  const out = join(folder, "sheets");
  const options = { data, out, changes: ["blur"], tile: 64 } as const;
  const read: number[] = [];
  const paths = await writeSheets(options, (done) => read.push(done));
  assert(paths.includes(join(out, "fluorescence-blur.png")));
  assertEquals(Math.max(...read), 7);
  const roles = await writeRoles({
    first: { train: [a] },
    second: { train: [second.at(-1)], validation: ["copy"] },
  });
  const chosen: number[] = [];
  await writeSheets({ ...options, roles }, (done) => chosen.push(done));
  assertEquals(Math.max(...chosen), 2);
  assert(chosen.length < read.length);
});
