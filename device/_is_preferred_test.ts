import { assertEquals } from "@std/assert";
import { type Candidate, isPreferred, preferredOf } from "./_is_preferred.ts";

const onednn: Candidate = { name: "onednn", gflops: 300, hardware: "x64" };
const tensorflow: Candidate = {
  ...{ name: "tensorflow", gflops: 330, hardware: "CPU (x86_64)" },
};
const wasm: Candidate = { name: "wasm", gflops: 40, hardware: "one core" };
const webgpu: Candidate = { name: "webgpu", gflops: 500, hardware: "a GPU" };

/** Whether the first is taken, and the second instead of it. */
const compare = (one: Candidate, other: Candidate, isBusy: boolean) => [
  isPreferred(one, other, isBusy),
  isPreferred(other, one, isBusy),
];

Deno.test("isPreferred() takes the order of devices on the processor where speeds are near or the processor is busy", () => {
  assertEquals(compare(onednn, tensorflow, false), [true, false]);
  const slowed = { ...onednn, gflops: 20 };
  assertEquals(compare(slowed, wasm, true), [true, false]);
  assertEquals(compare(slowed, tensorflow, true), [true, false]);
});

Deno.test("isPreferred() takes the one that is clearly faster on a quiet processor", () => {
  assertEquals(compare({ ...onednn, gflops: 20 }, wasm, false), [false, true]);
  assertEquals(compare(onednn, wasm, false), [true, false]);
});

Deno.test("isPreferred() compares a graphics adapter by its speed", () => {
  const gpu = { ...tensorflow, gflops: 9000, hardware: "NVIDIA H200" };
  for (const isBusy of [false, true]) {
    assertEquals(compare(webgpu, onednn, isBusy), [true, false]);
    assertEquals(compare(gpu, onednn, isBusy), [true, false]);
    const slow = { ...webgpu, gflops: 100 };
    assertEquals(compare(slow, onednn, isBusy), [false, true]);
  }
});

Deno.test("preferredOf() gives the same device in any order", () => {
  for (const all of [[wasm, tensorflow, onednn], [onednn, tensorflow, wasm]]) {
    assertEquals(preferredOf(all), onednn);
  }
});
