import { assertEquals, assertRejects } from "@std/assert";
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from "@zip.js/zip.js";
import { encodeRoi } from "./encode_roi.ts";
import { instanceOf, sampleInstances } from "./fixtures/sample_instances.ts";
import { writeObjects } from "./fixtures/write_samples.ts";
import { RoiZip } from "./roi_zip.ts";
import { traceOutline } from "./trace_outline.ts";

/** What roifile reads in each ROI; see `fixtures/judge_samples.py`. */
interface JudgedRoi {
  name: string;
  entry: string;
  type: string;
  rings: number;
  area: number;
  box: number[];
  mask: string;
}

const fixture = (name: string) =>
  Deno.readTextFile(new URL(`fixtures/${name}`, import.meta.url));
const judged: { sha256: string; rois: JudgedRoi[] } =
  JSON.parse(await fixture("judged.json")).rois;
/** A line a ROI, as ImageJ sees it; see `fixtures/JudgeRois.java`. */
const seenByImageJ = (await fixture("imagej.txt")).trimEnd().split("\n");

const folder = await Deno.makeTempDir();

async function digestOf(bytes: Uint8Array): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", bytes.slice());
  return new Uint8Array(hash).toHex();
}

Deno.test("RoiZip writes ROIs in which roifile finds the masks, holes and parts too", async () => {
  await writeObjects(folder);
  // What was judged is what is written now.
  const bytes = await Deno.readFile(`${folder}/objects.zip`);
  assertEquals(await digestOf(bytes), judged.sha256);
  const instances = await sampleInstances();
  assertEquals(judged.rois.length, instances.length);
  for (const [index, found] of judged.rois.entries()) {
    const { label, x, y, width, height, mask } = instances[index]!;
    const name = `nucleus-${String(label).padStart(5, "0")}`;
    assertEquals([found.name, found.entry], [name, `${name}.roi`]);
    const rings = traceOutline(instances[index]!)
      .reduce((sum, { holes }) => sum + 1 + holes.length, 0);
    assertEquals(found.rings, rings);
    assertEquals(found.type, rings > 1 ? "RECT" : "TRACED");
    assertEquals(found.box, [x, y, width, height]);
    assertEquals(found.area, mask.reduce((sum, value) => sum + value, 0));
    assertEquals(found.mask, await digestOf(mask));
  }
});

Deno.test("RoiZip writes ROIs in which ImageJ finds the masks", async () => {
  const instances = await sampleInstances();
  assertEquals(
    seenByImageJ,
    instances.map((instance) => {
      const { label, x, y, width, height, mask } = instance;
      const polygons = traceOutline(instance);
      const isTraced = polygons.length === 1 && polygons[0]!.holes.length === 0;
      return [
        `nucleus-${String(label).padStart(5, "0")}`,
        isTraced ? "Traced" : "Composite",
        ...[x, y, width, height],
        mask.join(""),
      ].join(" ");
    }),
  );
});

Deno.test("RoiZip writes a zip that others read, with more entries than 16 bits count", async () => {
  const path = `${folder}/many.zip`, count = 66_000;
  const instance = instanceOf(["##"]);
  await using zip = await RoiZip.open(path, { name: "cell" });
  for (let label = 1; label <= count; label += 1000) {
    await zip.add(
      Array.from(
        { length: 1000 },
        (_, i) => ({ ...instance, label: label + i }),
      ),
    );
  }
  await zip.finish();
  const reader = new ZipReader(new Uint8ArrayReader(await Deno.readFile(path)));
  const entries = await reader.getEntries();
  assertEquals(entries.length, count);
  const last = entries.at(-1)!;
  assertEquals(last.filename, "cell-66000.roi");
  if (last.directory) throw new TypeError("Expected a file");
  assertEquals(
    await last.getData(new Uint8ArrayWriter(), { checkSignature: true }),
    encodeRoi({ ...instance, label: count }, "cell-66000"),
  );
  await reader.close();
});

Deno.test("RoiZip refuses invalid names, and leaves nothing where it is aborted", async () => {
  const place = await Deno.makeTempDir();
  for (const name of ["", "a/b", "..\\c", "a\nb", "a\u0000"]) {
    await assertRejects(
      () => RoiZip.open(`${place}/a.zip`, { name }),
      RangeError,
      `Cannot write ROIs: found the name ${JSON.stringify(name)}`,
    );
  }
  {
    await using zip = await RoiZip.open(`${place}/a.zip`);
    await zip.add([instanceOf(["#"])]);
    await assertRejects(
      () => zip.add([instanceOf(["."])]),
      RangeError,
      "Cannot trace object 1: found an empty mask",
    );
  }
  assertEquals([...Deno.readDirSync(place)], []);
});
