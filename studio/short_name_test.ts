import { assertEquals } from "@std/assert";
import { shortName } from "./short_name.ts";

Deno.test("shortName() is the last part of a path of any system", () => {
  const models = ["nuclei", "/a/runs/t1/", "C:\\runs\\t2"];
  assertEquals(models.map(shortName), ["nuclei", "t1", "t2"]);
});
