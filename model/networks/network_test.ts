import { assertEquals } from "@std/assert";
import { scaleChannels } from "./network.ts";

Deno.test("scaleChannels() rounds and keeps at least one channel", () => {
  assertEquals(scaleChannels(64, 1), 64);
  assertEquals(scaleChannels(64, 0.05), 3);
  assertEquals(scaleChannels(64, 0.055), 4);
  assertEquals(scaleChannels(64, 1e-6), 1);
  assertEquals(scaleChannels(64, 4), 256);
});
