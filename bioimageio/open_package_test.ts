import { assertEquals, assertRejects } from "@std/assert";
import { FileError } from "@unet/errors";
import { StoredZip } from "@unet/files";
import { deflateRawSync } from "node:zlib";
import { openPackage } from "./open_package.ts";
import { readReference } from "./read_reference.ts";
import { sha256 } from "./write_package.ts";

async function zipOf(
  files: Readonly<Record<string, Uint8Array>>,
): Promise<string> {
  const path = await Deno.makeTempFile({ suffix: ".zip" });
  await using zip = await StoredZip.open(path, "package");
  for (const [name, bytes] of Object.entries(files)) await zip.add(name, bytes);
  await zip.finish();
  return path;
}

const text = (words: string) => new TextEncoder().encode(words);

Deno.test("openPackage() reads a zip and a folder alike, and nothing else", async () => {
  const files = { "rdf.yaml": text("type: model"), "deep/a": text("A") };
  const path = await zipOf(files), folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/deep`);
  for (const [name, bytes] of Object.entries(files)) {
    await Deno.writeFile(`${folder}/${name}`, bytes);
  }
  for (const place of [path, folder]) {
    using opened = await openPackage(place);
    assertEquals(opened!.description, "type: model");
    assertEquals(await opened!.read("deep/a", 1), text("A"));
    for (const source of ["../a", "/a", "https://a.org/a", "a\\b", "", "b"]) {
      await assertRejects(() => opened!.read(source, 9), FileError);
    }
    await assertRejects(
      () => opened!.read("deep/a", 0),
      FileError,
      "at most 0",
    );
  }
  const other = await zipOf({ "a.png": text("A") });
  for (const place of [other, `${folder}/deep`, `${folder}/none`]) {
    assertEquals(await openPackage(place), undefined);
  }
});

Deno.test("openPackage() follows no link out of a folder", async () => {
  const folder = await Deno.makeTempDir(), out = await Deno.makeTempFile();
  await Deno.writeTextFile(`${folder}/rdf.yaml`, "a");
  await Deno.symlink(out, `${folder}/a`);
  using opened = await openPackage(folder);
  await assertRejects(
    () => opened!.read("a", 9),
    FileError,
    "out of the folder",
  );
});

Deno.test("readReference() compares checksums", async () => {
  const path = await zipOf({ "rdf.yaml": text("a"), a: text("A") });
  using opened = await openPackage(path);
  const reference = { source: "a", sha256: await sha256(text("A")) };
  assertEquals(await readReference(opened!, reference, 1), text("A"));
  await assertRejects(
    () => readReference(opened!, { ...reference, sha256: "0" }, 1),
    FileError,
    "found a of the checksum",
  );
});

Deno.test("openPackage() unpacks no weights that shrank as weights do not, and no long description", async () => {
  const bomb = await bombOf("weights.onnx", new Uint8Array(2 ** 26));
  using opened = await openPackage(bomb);
  await assertRejects(
    () => opened!.read("weights.onnx", 2 ** 30),
    FileError,
    "what weights and arrays can do",
  );
  const long = await zipOf({ "rdf.yaml": new Uint8Array(2 ** 17 + 1) });
  await assertRejects(() => openPackage(long), FileError, "at most 131072");
});

/** A zip with a description, and an entry that deflate packed. */
async function bombOf(name: string, content: Uint8Array): Promise<string> {
  const { crc32 } = await import("node:zlib");
  const packed = deflateRawSync(content);
  const path = await zipOf({ "rdf.yaml": text("a"), [name]: packed });
  const bytes = await Deno.readFile(path);
  const view = new DataView(bytes.buffer), letters = text(name);
  for (let at = 0; at < bytes.length - letters.length; at++) {
    if (!letters.every((one, index) => bytes[at + index] === one)) continue;
    const isLocal = view.getUint32(at - 30, true) === 0x04034b50;
    const from = isLocal ? at - 26 : at - 40;
    view.setUint16(from + 4, 8, true);
    view.setUint32(from + 10, crc32(content), true);
    view.setUint32(from + 18, content.length, true);
  }
  await Deno.writeFile(path, bytes);
  return path;
}
