import { assert, assertEquals, assertRejects } from "@std/assert";
import { mapPool } from "./pool.ts";

const pause = (): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, 1));

Deno.test("mapPool() gives results in order of the items, at most so many at work", async () => {
  let working = 0, most = 0;
  const results = await mapPool([30, 10, 20, 5, 1], 2, async (ms, index) => {
    most = Math.max(most, ++working);
    await new Promise((resolve) => setTimeout(resolve, ms));
    working--;
    return `${index}: ${ms}`;
  });
  assertEquals(results, ["0: 30", "1: 10", "2: 20", "3: 5", "4: 1"]);
  assertEquals(most, 2);
});

Deno.test("mapPool() begins nothing after a failure, lets the others end, and throws the first", async () => {
  const begun: number[] = [], ended: number[] = [];
  await assertRejects(
    () =>
      mapPool([0, 1, 2, 3, 4, 5], 2, async (item) => {
        begun.push(item);
        if (item === 1) throw new Error("first");
        await pause();
        await pause();
        ended.push(item);
        if (item === 0) throw new Error("second");
      }),
    Error,
    "first",
  );
  assertEquals(ended, [0]);
  assert(begun.length <= 3 && !begun.includes(4), begun.join());
});
