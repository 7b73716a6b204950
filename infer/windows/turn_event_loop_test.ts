import { assertEquals } from "@std/assert";
import { turnEventLoop } from "./turn_event_loop.ts";

Deno.test("turnEventLoop() lets a message come before what follows", async () => {
  const { port1, port2 } = new MessageChannel(), order: string[] = [];
  port1.onmessage = () => order.push("message");
  port2.postMessage(null);
  await Promise.resolve();
  order.push("promise");
  await turnEventLoop();
  order.push("after");
  port1.close();
  assertEquals(order, ["promise", "message", "after"]);
});
