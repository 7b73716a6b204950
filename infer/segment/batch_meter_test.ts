import { assertEquals } from "@std/assert";
import { BatchMeter } from "./batch_meter.ts";

function meter(skipped: readonly string[] = []): BatchMeter<string> {
  return new BatchMeter(["a", "b", "c", "d"], (job) => skipped.includes(job));
}

Deno.test("BatchMeter takes images of unknown size for as large as the known ones", () => {
  const batch = meter();
  assertEquals(batch.estimate().share, 0);
  batch.open("a", 100);
  batch.advance("a", 0.5);
  assertEquals(batch.estimate().share, 50 / 400);
  batch.finish("a");
  batch.open("b", 300);
  // The others are of 200 pixels each, by the mean.
  assertEquals(batch.estimate().share, 100 / 800);
});

Deno.test("BatchMeter leaves out images that are skipped, as expected or not", () => {
  const batch = meter(["a", "b"]);
  batch.leaveOut("a");
  batch.open("c", 100);
  batch.finish("c");
  assertEquals(batch.estimate().share, 100 / 200);
  batch.leaveOut("d");
  assertEquals(batch.estimate().share, 1);
});

Deno.test("BatchMeter leaves out images that fail before or after they are open", () => {
  const batch = meter();
  batch.fail("a");
  batch.open("b", 100);
  batch.advance("b", 0.5);
  batch.fail("b");
  batch.open("c", 40);
  batch.finish("c");
  assertEquals(batch.estimate().share, 40 / 80);
  batch.open("d", 40);
  batch.finish("d");
  const { share, secondsLeft } = batch.estimate();
  assertEquals([share, secondsLeft], [1, 0]);
});

Deno.test("BatchMeter works on an image that was expected to be skipped", () => {
  const batch = meter(["a", "b", "c", "d"]);
  batch.open("a", 100);
  assertEquals(batch.estimate().share, 0);
  batch.finish("a");
  assertEquals(batch.estimate().share, 1);
});
