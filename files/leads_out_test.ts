import { assertEquals } from "@std/assert";
import { join, resolve, SEPARATOR } from "@std/path";
import fc from "fast-check";
import { leadsOut } from "./leads_out.ts";

Deno.test("leadsOut() finds the ways out of a folder", () => {
  const out = ["/a", "C:/a", "c:a", "..", "../a", "a/../../b", "a\\b", "a\0"];
  for (const name of out) assertEquals(leadsOut(name), true, name);
  for (const name of ["a", "a/b.png", "..a", "a..", "./a", "a//b"]) {
    assertEquals(leadsOut(name), false, name);
  }
});

Deno.test("leadsOut() lets no name pass that resolves outside of a folder", () => {
  const part = fc.constantFrom("..", ".", "", "a", "b.png", "C:", "\\", "/");
  fc.assert(fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
    const name = parts.join("/"), folder = resolve("/folder/inner");
    const place = join(folder, name);
    const isInside = `${place}${SEPARATOR}`.startsWith(folder + SEPARATOR);
    return leadsOut(name) || isInside;
  }));
});
