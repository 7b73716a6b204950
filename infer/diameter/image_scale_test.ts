import { assert, assertEquals } from "@std/assert";
import { rescaled } from "@unet/data";
import { imageReaderOf } from "../windows/image_reader_of.ts";
import { imageScaleOf } from "./image_scale.ts";

Deno.test("imageScaleOf() asks the network only where no diameter is given", async () => {
  const image = { width: 64, height: 64, channels: 1, depth: 8 } as const;
  const reader = imageReaderOf({ ...image, data: new Uint8Array(4096) });
  let calls = 0;
  const scaleFor = (wanted: number | "auto") =>
    imageScaleOf(
      { ...image, at: (scale) => Promise.resolve(rescaled(reader, scale)) },
      (x) => {
        calls++;
        return Promise.resolve(new Float32Array(x.length / 3));
      },
      {
        range: { low: 0, high: 255 },
        diameter: { wanted, low: 5, median: 20, high: 80 },
      },
    );
  assertEquals((await scaleFor(160)).scaled, { diameter: 160, scale: 0.25 });
  assertEquals(calls, 0);
  const { scaled, bands } = await scaleFor("auto");
  assertEquals(scaled, { diameter: null, scale: 1 });
  assertEquals(bands?.map(({ planes }) => planes.object!.length), [4096]);
  assertEquals(calls > 0, true);
});

Deno.test("imageScaleOf() leaves an image alone whose measured size lies near what the network learned", async () => {
  const side = 400, pitch = 60;
  const data = Uint8Array.from({ length: side * side }, (_, at) => {
    const x = at % side, y = Math.floor(at / side);
    const far = Math.hypot(x % pitch - 30, y % pitch - 30);
    return far < 20 ? 250 : 5;
  });
  const size = { width: side, height: side };
  const reader = imageReaderOf({ ...size, channels: 1, depth: 8, data });
  const scaleFor = (learned: { low: number; median: number; high: number }) =>
    imageScaleOf(
      { ...size, at: (scale) => Promise.resolve(rescaled(reader, scale)) },
      (x) => Promise.resolve(x.filter((_, at) => at % 3 === 0)),
      {
        range: { low: 0, high: 255 },
        diameter: { wanted: "auto", ...learned },
      },
    );
  for (
    const learned of [
      { low: 5, median: 22, high: 36 },
      { low: 24, median: 24, high: 24 },
      { low: 45, median: 60, high: 60 },
    ]
  ) {
    const { scaled: { diameter, scale } } = await scaleFor(learned);
    assert(Math.abs(diameter! - 40) <= 2, `${diameter}`);
    assertEquals(scale, 1);
  }
  const { scaled: { scale } } = await scaleFor({
    low: 5,
    median: 15,
    high: 30,
  });
  assert(scale < 1);
});
