import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { fileInMemory } from "../images/file_in_memory.ts";
import { fileOnDisk } from "../images/image_file.ts";
import { absent } from "./fixtures/find_openslide_here.ts";
import { slideSize } from "./slide_size.ts";

const at = (name: string): string =>
  fromFileUrl(new URL(`fixtures/${name}`, import.meta.url));

Deno.test("slideSize() finds the size of the level that will be read", {
  ignore: absent !== "",
}, async () => {
  const file = fileOnDisk(at("hamamatsu.ndpi"));
  assertEquals(await slideSize(file), { width: 96, height: 64 });
  assertEquals(await slideSize(file, 2), { width: 24, height: 16 });
  assertEquals(await slideSize(file, 9), undefined);
});

Deno.test("slideSize() knows no size of what is no slide, or cannot be opened", async () => {
  assertEquals(await slideSize(fileOnDisk(at("slides.json"))), undefined);
  const bytes = await Deno.readFile(at("zeiss.czi"));
  assertEquals(await slideSize(fileInMemory(bytes, "a.czi")), undefined);
});
