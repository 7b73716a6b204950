import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { maskName } from "./mask_name.ts";

Deno.test("maskName() puts masks where datasets have them, each beside its own images", () => {
  const cases = [
    [["a.png"], ["masks", "a.tif"]],
    [["plate", "a.ome.tif"], ["masks", "plate", "a.ome.tif"]],
    [["images", "a.png"], ["masks", "a.tif"]],
    [["day 1", "Images", "a.png"], ["day 1", "masks", "a.tif"]],
  ] as const;
  for (const [image, mask] of cases) {
    assertEquals(maskName(join(...image)), join(...mask));
  }
});
