import { assert, assertEquals, assertMatch } from "@std/assert";
import { runBench } from "./run_bench.ts";

Deno.test("serve loses no request of a load, and its answers do not depend on others", async () => {
  const { code, stdout, stderr } = await runBench([
    ...["serve", "--requests", "20", "--together", "6", "--size", "32"],
    ...["--device", "wasm", "--json"],
  ]);
  assertEquals(code, 0, stderr);
  const { result } = JSON.parse(stdout);
  assertEquals([result.requests, result.lost, result.code], [20, 0, 0]);
  assertEquals(result.memory.length, 11);
  assert(result.memory.every((each: number) => each > 0));
  assert(0 < result.median && result.median <= result.within95);
});

Deno.test("a load without requests is refused", async () => {
  const { code, stderr } = await runBench(["serve", "--requests", "0"]);
  assertEquals(code, 2);
  assertMatch(stderr, /--requests.*found "0", expected a whole number from 1/);
});
