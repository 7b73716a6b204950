import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { encodePng } from "../images/encode_png.ts";
import { channelNamesAt } from "./channel_names.ts";
import { openDataset } from "./dataset.ts";

const fixture = (name: string): Uint8Array<ArrayBuffer> =>
  Deno.readFileSync(new URL(`../fixtures/tiff/${name}`, import.meta.url));

const gray = await encodePng({
  ...{ width: 2, height: 2, channels: 1, depth: 8, data: new Uint8Array(4) },
});

/** The file with another name for a channel, of as many letters. */
function renamed(bytes: Uint8Array<ArrayBuffer>, from: string, to: string) {
  const text = new TextDecoder("latin1").decode(bytes);
  const at = text.indexOf(from), out = bytes.slice();
  out.set(new TextEncoder().encode(to), at);
  return out;
}

/** What a dataset of such images calls its channels at some numbers. */
async function namesIn(
  images: Readonly<Record<string, Uint8Array>>,
  numbers: readonly number[],
) {
  const folder = await Deno.makeTempDir({ prefix: "unet-names-" });
  for (const part of ["images", "masks"]) await Deno.mkdir(join(folder, part));
  for (const [name, bytes] of Object.entries(images)) {
    await Deno.writeFile(join(folder, "images", name), bytes);
    const mask = `${name.slice(0, name.indexOf("."))}.png`;
    await Deno.writeFile(join(folder, "masks", mask), gray);
  }
  const dataset = await openDataset(folder);
  const names = await channelNamesAt(dataset.cases, numbers);
  dataset.close();
  await Deno.remove(folder, { recursive: true });
  return names;
}

Deno.test("channelNamesAt() gives the names that files have, each list once", async () => {
  const stack = fixture("stack.ome.tif");
  const both = { "a.ome.tif": stack, "b.ome.tif": stack };
  assertEquals(await namesIn(both, [0, 1]), [["DAPI", "FITC <488>"]]);
  assertEquals(await namesIn(both, [1]), [["FITC <488>"]]);
  const other = renamed(stack, "DAPI", "Cy05");
  assertEquals(await namesIn({ ...both, "c.ome.tif": other }, [1, 0]), [
    ["FITC <488>", "DAPI"],
    ["FITC <488>", "Cy05"],
  ]);
});

Deno.test("channelNamesAt() gives none where a file names none, or has no such channel", async () => {
  const stack = { "a.ome.tif": fixture("stack.ome.tif") };
  assertEquals(await namesIn(stack, [0, 2]), []);
  const unnamed = fixture("five-channels.tif");
  assertEquals(await namesIn({ "b.tif": unnamed }, [0, 1]), []);
  assertEquals(await namesIn({ ...stack, "b.tif": unnamed }, [0]), []);
  assertEquals(await namesIn({ ...stack, "b.png": gray }, [0]), []);
  const numbered = renamed(fixture("stack.ome.tif"), "DAPI", "0488");
  assertEquals(await namesIn({ "a.ome.tif": numbered }, [0]), []);
});

Deno.test("channelNamesAt() leaves out what cannot be read", async () => {
  const stack = fixture("stack.ome.tif");
  const files = {
    "a.ome.tif": stack,
    "b.tif": stack.slice(0, 20),
    "c.tif": new TextEncoder().encode("text"),
  };
  assertEquals(await namesIn(files, [0]), [["DAPI"]]);
});
