import { assertEquals } from "@std/assert";
import { PrimitiveCache } from "./_primitive_cache.ts";

/** A cache of letters that notes what it destroys. */
function cacheOf(limit: number) {
  const destroyed: string[] = [];
  const cache = new PrimitiveCache<{ destroy(): void }>(limit);
  const use = (key: string): void => {
    cache.get(key, () => ({ destroy: () => void destroyed.push(key) }));
  };
  return { cache, destroyed, use };
}

Deno.test("PrimitiveCache makes each value once", () => {
  const cache = new PrimitiveCache<{ destroy(): void }>(2);
  let made = 0;
  const make = () => (made++, { destroy() {} });
  assertEquals(cache.get("a", make), cache.get("a", make));
  assertEquals(made, 1);
});

Deno.test("PrimitiveCache destroys what was not used for the longest, over its limit", () => {
  const { cache, destroyed, use } = cacheOf(2);
  ["a", "b", "a", "c"].forEach(use);
  assertEquals(destroyed, ["b"]);
  assertEquals(cache.size, 2);
  cache.clear();
  assertEquals(destroyed, ["b", "a", "c"]);
  assertEquals(cache.size, 0);
});
