import { fromFileUrl } from "@std/path";
import { assertEquals, assertRejects } from "@std/assert";
import { encodePng } from "@unet/data";
import { UsageError } from "@unet/errors";
import { refuseAllPlanes } from "./refuse_all_planes.ts";

async function refusalOf(path: string): Promise<string> {
  const error = await assertRejects(
    () => refuseAllPlanes("all", [path]),
    UsageError,
  );
  return error.message;
}

const remedy = "run it once per plane, each with an --out of its own";

Deno.test("refuseAllPlanes() says how many planes the first input has", async () => {
  const stack = fromFileUrl(
    new URL("../data/fixtures/series/shaped-tzcyx.tif", import.meta.url),
  );
  assertEquals(
    await refusalOf(stack),
    `Cannot use flag "--plane": found "all", where "${stack}" has 3, expected ` +
      `one plane from 0 to 2, max or mean; ${remedy}`,
  );
  const path = await Deno.makeTempFile({ suffix: ".png" });
  const data = new Uint8Array(1);
  await Deno.writeFile(
    path,
    await encodePng({ width: 1, height: 1, channels: 1, depth: 8, data }),
  );
  assertEquals(
    await refusalOf(path),
    `Cannot use flag "--plane": found "all", where "${path}" has 1, expected ` +
      `0, max or mean; ${remedy}`,
  );
});

Deno.test("refuseAllPlanes() says what may be given where the first input is a folder or a pattern", async () => {
  for (const input of [await Deno.makeTempDir(), "plates/**/*.tif"]) {
    assertEquals(
      await refusalOf(input),
      'Cannot use flag "--plane": found "all", expected one plane from 0, max ' +
        `or mean; ${remedy}`,
    );
  }
});

Deno.test("refuseAllPlanes() lets everything else pass", async () => {
  for (const plane of [undefined, "0", "max", "ALL"]) {
    await refuseAllPlanes(plane, ["a.tif"]);
  }
});
