import { assertEquals } from "@std/assert";
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from "@zip.js/zip.js";
import { StoredZip } from "./stored_zip.ts";

Deno.test("StoredZip writes files that others read, the same content as the same bytes", async () => {
  const folder = await Deno.makeTempDir();
  const contents = new Map([
    ["a.txt", new TextEncoder().encode("one line")],
    ["deep/é.bin", new Uint8Array(1000).fill(7)],
    ["empty", new Uint8Array(0)],
  ]);
  const written: Uint8Array[] = [];
  for (const name of ["first", "second"]) {
    const path = `${folder}/${name}.zip`;
    await using zip = await StoredZip.open(path, "files");
    for (const [name, bytes] of contents) await zip.add(name, bytes);
    await zip.finish();
    written.push(await Deno.readFile(path));
  }
  const [first, second] = written;
  assertEquals(first, second);
  const reader = new ZipReader(new Uint8ArrayReader(first!), {
    checkSignature: true,
  });
  const read = new Map<string, Uint8Array>();
  for (const entry of await reader.getEntries()) {
    if (entry.directory) continue;
    read.set(entry.filename, await entry.getData(new Uint8ArrayWriter()));
  }
  assertEquals(read, contents);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("StoredZip leaves nothing behind where it is not finished", async () => {
  const folder = await Deno.makeTempDir();
  {
    await using zip = await StoredZip.open(`${folder}/a.zip`, "files");
    await zip.add("a", new Uint8Array(10));
  }
  assertEquals([...Deno.readDirSync(folder)], []);
  await Deno.remove(folder);
});
