import { assertEquals, assertRejects } from "@std/assert";
import { FileError } from "@unet/errors";
import { handmadeZip } from "../fixtures/handmade_zip.ts";
import { listZip } from "./zip_files.ts";

Deno.test("listZip() lists what can be read, and reports what leads out", async () => {
  const path = await Deno.makeTempFile({ suffix: ".zip" });
  const content = new Uint8Array([1, 2, 3]);
  await Deno.writeFile(
    path,
    handmadeZip([{ name: "a.npy", content }, { name: "../b", content }]),
  );
  const { files, faults, close } = await listZip(path);
  assertEquals(files.map(({ name }) => name), ["a.npy"]);
  assertEquals(await files[0]!.read(), content);
  assertEquals(faults.map(({ kind }) => kind), ["unsafe-path"]);
  close();
  await Deno.writeFile(path, content);
  await assertRejects(() => listZip(path), FileError, "Cannot read zip");
  await Deno.remove(path);
});
