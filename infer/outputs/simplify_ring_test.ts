import { assert, assertEquals, assertThrows } from "@std/assert";
import { instanceOf } from "./fixtures/sample_instances.ts";
import { simplifyRing } from "./simplify_ring.ts";
import { traceOutline } from "./trace_outline.ts";

Deno.test("simplifyRing() turns the stairs of a slope into a line, within the tolerance", () => {
  const rows = Array.from(
    { length: 40 },
    (_, y) => "#".repeat(y + 1).padEnd(40, "."),
  );
  const [polygon] = traceOutline(instanceOf(rows));
  const simple = simplifyRing(polygon!.outer, 1);
  assert(polygon!.outer.length > 80);
  assert(simple.length <= 5, String(simple.length));
});

Deno.test("simplifyRing() keeps every corner of a ring with the tolerance 0", () => {
  const ring = [[0, 0], [9, 0], [9, 1], [8, 1], [8, 5], [0, 5]] as const;
  assertEquals(simplifyRing(ring, 0), ring);
});

Deno.test("simplifyRing() leaves a ring alone that would vanish", () => {
  const ring = [[0, 0], [1, 0], [1, 1], [0, 1]] as const;
  assertEquals(simplifyRing(ring, 50), ring);
  assertEquals(simplifyRing([], 1), []);
});

Deno.test("simplifyRing() refuses an invalid tolerance", () => {
  for (const tolerance of [-1, NaN]) {
    assertThrows(
      () => simplifyRing([[0, 0]], tolerance),
      RangeError,
      `Cannot simplify ring: found a tolerance of ${tolerance}, expected a number from 0`,
    );
  }
});
