import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { RequestError } from "@unet/http";
import { placeIn, requireInside } from "./place_in.ts";

/** A folder with a file, a link to itself and two links that lead out. */
async function makePlace(): Promise<{ root: string; place: string }> {
  const place = await Deno.realPath(await Deno.makeTempDir());
  const root = join(place, "images");
  await Deno.mkdir(join(root, "set"), { recursive: true });
  for (const file of [join(root, "a.png"), join(place, "images b.png")]) {
    await Deno.writeTextFile(file, "");
  }
  await Deno.symlink(join(root, "a.png"), join(root, "set", "same.png"));
  await Deno.symlink(place, join(root, "masks"));
  await Deno.symlink(join(place, "images b.png"), join(root, "out.png"));
  return { root, place };
}

async function statusOf(work: Promise<unknown>): Promise<number> {
  return (await assertRejects(() => work, RequestError) as RequestError).status;
}

Deno.test("placeIn() resolves links, and refuses what leads out of the folder", async () => {
  const { root, place } = await makePlace();
  assertEquals(await placeIn(root, "a.png"), join(root, "a.png"));
  assertEquals(await placeIn(root, "set/same.png"), join(root, "a.png"));
  for (const name of ["..", "../images b.png", "out.png", "masks", "."]) {
    assertEquals(await statusOf(placeIn(root, name)), 403, name);
  }
  assertEquals(await statusOf(placeIn(root, "none.png")), 404);
  await Deno.remove(place, { recursive: true });
});

Deno.test("requireInside() lets new folders be made, but in no folder that a link leads to outside", async () => {
  const { root, place } = await makePlace();
  await requireInside(root, "a.tif");
  await requireInside(root, "set/new/deep/a.tif");
  assertEquals(await statusOf(requireInside(root, "masks/a.tif")), 403);
  assertEquals(await statusOf(requireInside(root, "masks/new/a.tif")), 403);
  await Deno.remove(place, { recursive: true });
});
