import { assertEquals, assertMatch } from "@std/assert";
import { encodePng, synthesize } from "@unet/data";
import { faultOf, openPlace } from "../fixtures/place.ts";

Deno.test("/api/samples draws images into an empty folder, and into no other", async () => {
  await using here = await openPlace({ "notes.txt": "nothing to see" });
  const { visitor } = here;
  const names = await (await visitor.post("/api/samples", {})).json();
  const { images } = await (await visitor.get("/api/folder")).json();
  assertEquals(
    images.map(({ name }: { name: string }) => name).sort(),
    names.toSorted(),
  );
  assertEquals(names.length, 10);
  const again = await visitor.post("/api/samples", {});
  assertMatch(await faultOf(again, 409), /found images in the folder/);
});

Deno.test("/api/samples leaves a folder with an image as it is", async () => {
  const [drawn] = synthesize({ count: 1, width: 64, height: 64, seed: 1 });
  await using here = await openPlace({
    "sub/a.png": await encodePng(drawn!.image),
  });
  const refused = await here.visitor.post("/api/samples", {});
  assertMatch(await faultOf(refused, 409), /expected none/);
});
