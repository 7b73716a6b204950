import { assertEquals } from "@std/assert";
import { count } from "./count.ts";

Deno.test("count() has one thing alone in the singular", () => {
  assertEquals(
    [0, 1, 2, 11, 21, 1000].map((number) => count(number, "image")),
    [
      ...["0 images", "1 image", "2 images", "11 images", "21 images"],
      "1000 images",
    ],
  );
});

Deno.test("count() takes a plural that is no noun with an s", () => {
  assertEquals(count(1, "batch", "batches"), "1 batch");
  assertEquals(count(0, "batch", "batches"), "0 batches");
});
