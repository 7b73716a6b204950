import { assertEquals } from "@std/assert";
import { gradientSumsOf } from "./gradient_sums_of.ts";

Deno.test("gradientSumsOf() overlaps on several machines, unless a person or the device wants otherwise", () => {
  const of = (name: string, isOneMachine: boolean, overlap?: boolean) => {
    const sums = gradientSumsOf({ name }, { isOneMachine }, overlap);
    return [sums.overlaps, sums.reason];
  };
  assertEquals(of("wasm", true), [false, "all ranks share one machine"]);
  assertEquals(of("wasm", false), [true, "ranks are on several machines"]);
  assertEquals(of("wasm", true, true), [true, "as set"]);
  assertEquals(of("wasm", false, false), [false, "as set"]);
  const reason = "webgpu cannot be read during it";
  assertEquals(of("webgpu", false), [false, reason]);
  assertEquals(of("webgpu", false, true), [false, reason]);
});
