import { assertEquals, assertRejects } from "@std/assert";
import { untilAborted } from "./until_aborted.ts";

Deno.test("untilAborted() passes items on, and ends between two", async () => {
  const items = [1, 2, 3], { signal } = new AbortController();
  assertEquals(await Array.fromAsync(untilAborted(items, undefined)), items);
  assertEquals(await Array.fromAsync(untilAborted(items, signal)), items);
  const controller = new AbortController(), taken: number[] = [];
  const port = new MessageChannel();
  // A message, which needs a turn of the event loop to come.
  port.port1.onmessage = () => controller.abort(new Error("gone"));
  await assertRejects(
    async () => {
      for await (const item of untilAborted(items, controller.signal)) {
        taken.push(item);
        if (item === 2) port.port2.postMessage(null);
      }
    },
    Error,
    "gone",
  );
  port.port1.close();
  assertEquals(taken, [1, 2]);
});
