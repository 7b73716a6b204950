import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "@unet/errors";
import { checkStack, chosenFormats, stackAxisOf } from "./stack_settings.ts";

Deno.test("stackAxisOf() is the axis of which all is asked for", () => {
  assertEquals(stackAxisOf({ plane: "all", time: 3 }), "plane");
  assertEquals(stackAxisOf({ plane: "max", time: "all" }), "time");
  assertEquals(stackAxisOf({ plane: "mean" }), undefined);
});

Deno.test("chosenFormats() is a mask where nothing is chosen, as TIFF in a stack", () => {
  assertEquals(chosenFormats({}), ["png"]);
  assertEquals(chosenFormats({ settings: { plane: "all" } }), ["tiff"]);
  assertEquals(
    chosenFormats({ formats: ["csv"], settings: { time: "all" } }),
    ["csv"],
  );
});

Deno.test("checkStack() lets pass what a stack can be", () => {
  checkStack({}, "objects");
  checkStack({ settings: { plane: "all", link: 1 } }, "objects");
  checkStack({
    formats: ["tiff", "labels", "probability", "overlay", "roi", "csv"],
    settings: { plane: "max", time: "all" },
  }, "objects");
  checkStack({ settings: { plane: "all" } }, "classes");
});

Deno.test("checkStack() refuses a PNG, both axes, and links of nothing", () => {
  const refused = (
    settings: NonNullable<Parameters<typeof checkStack>[0]["settings"]>,
    message: string,
  ) =>
    assertThrows(
      () => checkStack({ formats: ["png"], settings }, "objects"),
      UsageError,
      message,
    );
  refused({ time: "all" }, "found `time all`, and a PNG holds one time point");
  refused({ plane: "all", time: "all" }, 'found "all" beside `plane all`');
  refused({ link: 0.5 }, "add `plane all` or `time all`");
  refused(
    { plane: "all", link: NaN },
    'Cannot use setting "link": found NaN, expected an intersection over union',
  );
  assertThrows(
    () => checkStack({ settings: { plane: "all", link: 0.5 } }, "classes"),
    UsageError,
    "found a network that predicts a class per pixel",
  );
});
