import { assertEquals } from "@std/assert";
import { unlabeled } from "@unet/data";
import { labeledInstances, labeledPixels } from "./labeled_parts.ts";

const row = (...numbers: number[]) => ({
  ...{ width: numbers.length, height: 1 },
  data: Uint32Array.from(numbers),
});

Deno.test("labeledPixels() keeps what is labeled", () => {
  const probability = Float32Array.of(0.5, 0.25, 0.75);
  assertEquals(labeledPixels(probability, row(3, unlabeled, 0)), {
    probability: Float32Array.of(0.5, 0.75),
    target: Uint8Array.of(1, 0),
  });
  assertEquals(labeledPixels(probability, row(3, 4, 0)), {
    probability,
    target: Uint8Array.of(1, 1, 0),
  });
});

Deno.test("labeledInstances() leaves out predictions that mostly lie where nothing is labeled", () => {
  const truth = row(1, 1, 0, 0, unlabeled, unlabeled, unlabeled);
  assertEquals(labeledInstances(truth, row(5, 5, 0, 6, 6, 6, 0)), {
    truth: row(1, 1, 0, 0, 0, 0, 0),
    prediction: row(5, 5, 0, 0, 0, 0, 0),
  });
  // Half of it is labeled: it counts with that half.
  assertEquals(
    labeledInstances(truth, row(5, 5, 0, 6, 6, 0, 0))?.prediction,
    row(5, 5, 0, 6, 0, 0, 0),
  );
  const whole = row(1, 0);
  assertEquals(labeledInstances(whole, whole)?.truth, whole);
});

Deno.test("labeledInstances() compares none where most is not labeled", () => {
  const truth = row(1, unlabeled, unlabeled);
  assertEquals(labeledInstances(truth, row(1, 0, 0)), null);
});
