import { assertEquals } from "@std/assert";
import { describeProgress } from "./describe_progress.ts";

const begun = {
  ...{ filesDone: 0, files: 340, bytes: 1000, input: "plates/a.tif" },
  ...{ bytesDone: 0, pixelsDone: 0, seconds: 0 },
};

Deno.test("describeProgress() tells the file, the speed and the time left", () => {
  assertEquals(
    describeProgress({
      ...begun,
      ...{ filesDone: 101, bytesDone: 300, pixelsDone: 2.04e8, seconds: 60 },
    }),
    "102/340 ━━━╌╌╌╌╌╌╌ 3.4 MP/s, 2 m 20 s left  plates/a.tif",
  );
});

Deno.test("describeProgress() tells no speed and no time before it knows them", () => {
  assertEquals(describeProgress(begun), "1/340 ╌╌╌╌╌╌╌╌╌╌  plates/a.tif");
});

Deno.test("describeProgress() counts no file beyond the last", () => {
  const line = describeProgress({
    ...begun,
    ...{ filesDone: 340, bytesDone: 1000, pixelsDone: 5e6, seconds: 10 },
  });
  assertEquals(line, "340/340 ━━━━━━━━━━ 0.5 MP/s, 0.0 s left  plates/a.tif");
});
