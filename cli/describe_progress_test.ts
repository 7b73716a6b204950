import { assertEquals } from "@std/assert";
import { describeProgress } from "./describe_progress.ts";

const begun = {
  ...{ filesDone: 0, files: 340, input: "plates/a.tif" },
  ...{ share: 0, megapixelsPerSecond: 0 },
};

Deno.test("describeProgress() says the file, the speed and the time left", () => {
  assertEquals(
    describeProgress({
      ...{ ...begun, filesDone: 101, share: 0.3 },
      ...{ megapixelsPerSecond: 3.4, secondsLeft: 140 },
    }),
    "102/340 ━━━╌╌╌╌╌╌╌ 3.4 MP/s, 2 m 20 s left  plates/a.tif",
  );
});

Deno.test("describeProgress() says no speed and no time before it knows them", () => {
  assertEquals(describeProgress(begun), "1/340 ╌╌╌╌╌╌╌╌╌╌  plates/a.tif");
});

Deno.test("describeProgress() never says that no time is left while there is work", () => {
  const almost = { ...begun, share: 0.999, megapixelsPerSecond: 12 };
  assertEquals(
    describeProgress({ ...almost, secondsLeft: 0.01 }),
    "1/340 ━━━━━━━━━━ 12 MP/s, 1 s left  plates/a.tif",
  );
});

Deno.test("describeProgress() counts no file beyond the last, and says that it is written", () => {
  const line = describeProgress({
    ...{ ...begun, filesDone: 340, share: 1 },
    ...{ megapixelsPerSecond: 0.5, secondsLeft: 0 },
  });
  assertEquals(line, "340/340 ━━━━━━━━━━ 0.5 MP/s, writing  plates/a.tif");
});
