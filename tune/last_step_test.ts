import { assertEquals } from "@std/assert";
import { lastStep } from "./last_step.ts";

Deno.test("lastStep() is the greatest step, in whatever order they came", () => {
  const at = (...steps: number[]) =>
    lastStep({ intermediateValues: new Map(steps.map((step) => [step, NaN])) });
  assertEquals(at(), null);
  assertEquals(at(3, 10, 2), 10);
  assertEquals(at(-1), -1);
  assertEquals(at(0), 0);
});
