import { assertEquals, assertRejects } from "@std/assert";
import { basename, fromFileUrl } from "@std/path";
import { FileError } from "@unet/errors";
import { memorySource } from "../images/byte_source.ts";
import type { ImageFile } from "../images/image_file.ts";
import { openImageFile } from "../images/open_image_file.ts";

const folder = new URL("../fixtures/series/", import.meta.url);

/** A file that notes when it is opened and closed. */
function watchedFile(name: string, events: string[]): ImageFile {
  const path = fromFileUrl(new URL(name, folder));
  return {
    path,
    name: basename(path),
    open: async () => {
      events.push(`open ${name}`);
      const source = memorySource(await Deno.readFile(path));
      return {
        ...source,
        requireUnchanged: () => events.push(`compare ${name}`),
        [Symbol.dispose]: () => events.push(`close ${name}`),
      };
    },
    beside: (other) => watchedFile(other, events),
  };
}

Deno.test("a reader of several files compares all of them and closes all of them", async () => {
  const events: string[] = [];
  const reader = await openImageFile(watchedFile("uuid-c0.ome.tif", events), {
    channel: "max",
  });
  const names = ["uuid-c0.ome.tif", "uuid-c1.ome.tif"];
  assertEquals(events.splice(0), names.map((name) => `open ${name}`));
  await reader.read(0, 0, 2, 2);
  assertEquals(events.splice(0), names.map((name) => `compare ${name}`));
  await reader[Symbol.asyncDispose]();
  assertEquals(events, names.map((name) => `close ${name}`));
});

Deno.test("files of which one cannot be read are all closed", async () => {
  const events: string[] = [];
  // The file that belongs there has another identifier.
  const file = watchedFile("../strays/uuid-c0.ome.tif", events);
  const stray = {
    ...file,
    beside: (name: string) => watchedFile(`../strays/${name}`, events),
  };
  await assertRejects(() => openImageFile(stray, { channel: 1 }), FileError);
  const names = ["../strays/uuid-c0.ome.tif", "../strays/uuid-c1.ome.tif"];
  // To close a file once more does nothing.
  assertEquals(
    new Set(events),
    new Set([
      ...names.map((name) => `open ${name}`),
      ...names.map((name) => `close ${name}`),
    ]),
  );
});
