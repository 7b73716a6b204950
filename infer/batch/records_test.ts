import { assertEquals } from "@std/assert";
import { recordsOf } from "./records.ts";
import { shardOf } from "./shard.ts";

const states = new Map(
  ["b/10.tif", "b/2.tif", "a.tif", "B/2.tif"].map((name) => [
    name,
    { name, at: "", begun: [], isOpen: false },
  ]),
);

Deno.test("recordsOf() sorts files naturally", () => {
  assertEquals(recordsOf(states).map(({ name }) => name), [
    ...["a.tif", "b/2.tif", "B/2.tif", "b/10.tif"],
  ]);
});

Deno.test("recordsOf() of all shards are all files, each once", () => {
  const parts = [1, 2, 3].map((index) => {
    const shard = { index, count: 3 };
    const names = recordsOf(states, shard).map(({ name }) => name);
    for (const name of names) assertEquals(shardOf(name, 3), index);
    return names;
  });
  assertEquals(parts.flat().toSorted(), [...states.keys()].toSorted());
});
