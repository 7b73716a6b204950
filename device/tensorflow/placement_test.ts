import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import { belongsOnGpu, chooseDevice, dataTypes } from "./placement.ts";

const cpu = { name: "/device:CPU:0", type: "CPU" };
const gpus = [0, 1].map((index) => ({
  name: `/device:GPU:${index}`,
  type: "GPU",
}));

Deno.test("chooseDevice() takes the first GPU, wherever it stands", () => {
  const first = { name: "/device:GPU:0", isGpu: true };
  assertEquals(chooseDevice([cpu, ...gpus]), first);
  assertEquals(chooseDevice([...gpus, cpu]), first);
});

Deno.test("chooseDevice() takes the processor if there is no GPU", () => {
  const xla = { name: "/device:XLA_GPU:0", type: "XLA_GPU" };
  const expected = { name: cpu.name, isGpu: false };
  assertEquals(chooseDevice([xla, cpu]), expected);
});

Deno.test("chooseDevice() names what there is if neither is there", () => {
  const tpu = { name: "/device:TPU:0", type: "TPU" };
  assertThrows(() => chooseDevice([tpu]), RangeError, "found TPU, expected");
  assertThrows(() => chooseDevice([]), RangeError, "found none");
});

Deno.test("belongsOnGpu() keeps shapes, axes and texts on the processor", () => {
  assert(belongsOnGpu(dataTypes.float32) && belongsOnGpu(dataTypes.bool));
  assertFalse(belongsOnGpu(dataTypes.int32) || belongsOnGpu(dataTypes.string));
});
