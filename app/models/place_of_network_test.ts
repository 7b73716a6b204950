import { assert, assertEquals } from "@std/assert";
import { readModel } from "@unet/model";
import { NetworkThreads } from "./network_threads.ts";
import { placeOfNetwork } from "./place_of_network.ts";

Deno.test("placeOfNetwork() takes a thread for devices of the processor, and none for a graphics adapter", async () => {
  for (const choices of [{ device: "cpu" }, { precision: "int8" as const }]) {
    await using place = await placeOfNetwork(choices);
    assert(place instanceof NetworkThreads);
  }
  await using place = await placeOfNetwork({ device: "webgpu" });
  assert(!(place instanceof NetworkThreads));
  // Where it opens what is asked for, as a thread does.
  const saved = await readModel("nuclei");
  const choices = { device: "cpu", window: 128 };
  const { device, window, predict } = await place.open(saved, choices);
  assertEquals([device.name, window.tile, predict.ahead], [
    "cpu",
    64,
    undefined,
  ]);
});
