import { assertEquals, assertRejects } from "@std/assert";
import { FileError } from "@unet/errors";
import { writeFile } from "@unet/files";
import { checkDataset } from "./check.ts";
import { openDataset } from "./dataset.ts";
import { temporaryFolder } from "../fixtures/temporary_folder.ts";
import { readCase } from "./read_case.ts";
import type { Image, Sample } from "../types.ts";
import { writeKaggle } from "./write_kaggle.ts";

function sampleOf(id: string, image: Partial<Image>, labels: number[]): Sample {
  const size = { width: labels.length, height: 1 };
  const data = new Uint8Array(labels.length).fill(200);
  return {
    id,
    image: { ...size, channels: 1, depth: 8, data, ...image },
    labels: { ...size, data: Uint32Array.from(labels) },
  };
}

Deno.test("writeKaggle() writes what openDataset() and readCase() read back", async () => {
  await using folder = await temporaryFolder();
  const samples = [
    sampleOf("a", {}, [1, 0, 2, 3]),
    sampleOf("b", { depth: 16, data: Uint16Array.of(1, 2000, 65535) }, [
      0,
      1,
      1,
    ]),
    sampleOf("c", { channels: 3, data: Uint8Array.of(1, 2, 3, 4, 5, 6) }, [
      1,
      2,
    ]),
    sampleOf("none", {}, [0, 0]),
  ];
  const path = `${folder.path}/data`;
  assertEquals(await writeKaggle(samples, path), 4);
  const dataset = await openDataset(path);
  assertEquals(dataset.layout, "kaggle");
  assertEquals(
    await Promise.all(dataset.cases.map((each) => readCase(each))),
    samples,
  );
  const report = await checkDataset(dataset);
  assertEquals([report.errors, report.nuclei], [0, 6]);
});

Deno.test("writeKaggle() orders more than nine nuclei by their numbers", async () => {
  await using folder = await temporaryFolder();
  const sample = sampleOf("a", {}, Array.from({ length: 120 }, (_, i) => i));
  await writeKaggle([sample], `${folder.path}/data`);
  const { cases } = await openDataset(`${folder.path}/data`);
  assertEquals(await readCase(cases[0]!), sample);
});

Deno.test("writeKaggle() writes floats as 8 bits", async () => {
  await using folder = await temporaryFolder();
  const floats = { depth: 32 as const, data: Float32Array.of(-1, 0, 1) };
  await writeKaggle([sampleOf("a", floats, [0, 0, 1])], `${folder.path}/data`);
  const { cases } = await openDataset(`${folder.path}/data`);
  const { image } = await readCase(cases[0]!);
  assertEquals([...image.data], [0, 0, 0, 128, 128, 128, 255, 255, 255]);
});

Deno.test("writeKaggle() refuses a folder with files in it, and touches nothing there", async () => {
  await using folder = await temporaryFolder();
  await writeFile(`${folder.path}/mine.txt`, "mine");
  const error = await assertRejects(
    () => writeKaggle([sampleOf("a", {}, [1])], folder.path),
    FileError,
  );
  assertEquals(
    error.message,
    `Cannot write dataset "${folder.path}": found a folder with files in it, expected an empty one, or none; name another, or remove it`,
  );
  assertEquals([...Deno.readDirSync(folder.path)].map(({ name }) => name), [
    "mine.txt",
  ]);
});

Deno.test("writeKaggle() writes into a folder where a killed run left nothing but temporary files", async () => {
  await using folder = await temporaryFolder();
  const left = crypto.randomUUID();
  await writeFile(`${folder.path}/.${left}.new/images/a.png`, "half");
  await writeFile(`${folder.path}/.${left}.part`, "");
  assertEquals(await writeKaggle([sampleOf("a", {}, [1, 0])], folder.path), 1);
  assertEquals([...Deno.readDirSync(folder.path)].map(({ name }) => name), [
    "a",
  ]);
});

Deno.test("writeKaggle() refuses ids that are no folder's name or come twice", async () => {
  for (const id of ["", ".", "..", "a/b", "a\\b", "/a", "C:a", ".hidden"]) {
    await using folder = await temporaryFolder();
    await assertRejects(
      () => writeKaggle([sampleOf(id, {}, [1])], `${folder.path}/data`),
      RangeError,
      `Cannot write sample "${id}": found an id that is no folder's name, expected different names`,
    );
  }
  await using folder = await temporaryFolder();
  await assertRejects(
    () =>
      writeKaggle(
        [sampleOf("a", {}, [1]), sampleOf("a", {}, [1])],
        folder.path,
      ),
    RangeError,
    "found its id twice",
  );
});
