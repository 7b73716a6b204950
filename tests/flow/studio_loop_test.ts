import { assert } from "@std/assert";
import { join } from "@std/path";
import { goRound, leastRise } from "./_studio_loop.ts";

for (const seed of [2, 3, 4]) {
  Deno.test(`a model that corrections trained again is better on images that were not corrected, seed ${seed}`, async () => {
    const place = await Deno.realPath(await Deno.makeTempDir());
    const folder = join(place, "images");
    await Deno.mkdir(folder);
    const [before, after] = await goRound(folder, seed);
    const rise = after.objects - before.objects;
    assert(rise > leastRise, `${before.objects} to ${after.objects}`);
    await Deno.remove(place, { recursive: true });
  });
}
