import { assertEquals, assertThrows } from "@std/assert";
import { openDevice } from "@unet/device";
import { UsageError } from "@unet/errors";
import { createModel } from "@unet/model";
import { createRandom } from "@unet/random";
import type { WindowSettings } from "../settings/predict_settings.ts";
import { windowOf } from "./window_of.ts";

const device = await openDevice("cpu");
const padded = createModel({ width: 0.02 }, createRandom(0));
const paper = createModel(
  { network: "unet", width: 0.02, padding: "valid" },
  createRandom(0),
);

Deno.test.afterAll(async () => {
  padded.dispose();
  paper.dispose();
  await device.close();
});

Deno.test("windowOf() takes large windows by default, and as many pixels as asked for", () => {
  const { tile, margin, multiple, context } = windowOf(padded, "cpu");
  assertEquals([margin, multiple, context], [32, 32, "neighbors"]);
  assertEquals(tile! + 2 * margin!, 1024);
  assertEquals(windowOf(padded, "cpu", { window: 320 }).tile, 256);
  const overlap = windowOf(padded, "cpu", { overlap: 0.5 });
  assertEquals([overlap.overlap, overlap.blend], [0.5, "gaussian"]);
});

Deno.test("windowOf() takes the Paper's and the report's windows where they are asked for", () => {
  assertEquals(windowOf(paper, "cpu"), {
    context: "neighbors",
    tile: 388,
    margin: 92,
  });
  assertEquals(
    windowOf(padded, "cpu", { context: "reflect" }),
    { context: "reflect" },
  );
});

Deno.test("windowOf() refuses windows that contradict the network or the context", () => {
  const wrong: [typeof padded, Partial<WindowSettings>][] = [
    [padded, { window: 100 }],
    [padded, { window: 64 }],
    [padded, { context: "reflect", window: 256 }],
    [padded, { context: "reflect", overlap: 0.1 }],
    [paper, { window: 572 }],
  ];
  for (const [model, settings] of wrong) {
    assertThrows(() => windowOf(model, "cpu", settings), UsageError);
  }
});
