// deno-lint-ignore-file no-console
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import type { KeptMemory } from "./_serve_load.ts";

/** Bytes per image that measuring may add; what leaked was at least an image. */
const mostPerImage = 4096;

Deno.test("a server keeps nothing of the images that it answered", async () => {
  const config = fromFileUrl(new URL("../../deno.json", import.meta.url));
  const program = fromFileUrl(new URL("./_serve_load.ts", import.meta.url));
  const found = await Deno.makeTempFile();
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "-q", "--no-check", "--config", config, "-P=test"],
      ...["--v8-flags=--expose-gc", program, found],
    ],
    stdin: "null",
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  const kept: KeptMemory = JSON.parse(await Deno.readTextFile(found));
  await Deno.remove(found);
  const { counts, answering, segmenting, process } = kept;
  // From the second measurement on everything is warm.
  const perImage = (bytes: readonly number[]) =>
    (bytes[2]! - bytes[1]!) / (counts[2]! - counts[1]!);
  for (const [where, bytes] of Object.entries({ answering, segmenting })) {
    const each = perImage(bytes);
    assert(each < mostPerImage, `${where}: ${each} bytes per image`);
  }
  console.log(`the process: ${perImage(process).toFixed(0)} bytes per image`);
});
