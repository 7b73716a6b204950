import { assertEquals } from "@std/assert";
import { encodePng } from "@unet/data";
import { FileWriter, writeFile } from "@unet/files";
import { segment } from "./segment.ts";

const data = new Uint8Array([255, 0, 0, 0]);
const png = await encodePng({
  width: 2,
  height: 2,
  channels: 1,
  depth: 8,
  data,
});

/** Segments images by their brightness. */
async function run(inputs: string, out: string, names: string[]) {
  for (const name of names) await writeFile(`${inputs}/${name}.png`, png);
  const report = await segment([inputs], {
    predict: (x) => Promise.resolve(x.filter((_, index) => index % 3 === 0)),
    out,
  });
  assertEquals(report.failed, 0);
}

function filesBelow(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) =>
    isDirectory
      ? filesBelow(`${folder}/${name}`).map((each) => `${name}/${each}`)
      : [name]
  ).sort();
}

Deno.test("segment() removes what killed runs left in its output folders, and nothing of a run that is at work", async () => {
  const place = await Deno.makeTempDir(), out = `${place}/out`;
  await run(`${place}/one`, out, ["a/1", "b/2"]);
  const left = (): string => `.${crypto.randomUUID()}.part`;
  for (const folder of ["", "a/", "b/", "c/"]) {
    await writeFile(`${out}/${folder}${left()}`, "half");
  }
  await using other = await FileWriter.open(`${out}/b/other.png`);
  await other.write(new Uint8Array(100));
  // Other inputs: what lies in a/ and b/ is known from the manifest.
  await run(`${place}/two`, out, ["c/3"]);
  const names = filesBelow(out);
  assertEquals(
    names.filter((name) => !name.includes("/.")),
    ["a/1.png", "b/2.png", "c/3.png", "manifest.jsonl"],
  );
  assertEquals(names.filter((name) => name.includes("/.")).length, 1);
  await other.finish();
  assertEquals(await Deno.readFile(`${out}/b/other.png`), new Uint8Array(100));
});
