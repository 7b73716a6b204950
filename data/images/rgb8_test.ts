import { assertEquals } from "@std/assert";
import reference from "../fixtures/intensities.json" with { type: "json" };
import { intensityRange, toRgb8 } from "./rgb8.ts";
import type { Image } from "../types.ts";

const arrays = { 8: Uint8Array, 16: Uint16Array, 32: Float32Array };

for (const { name, low, high, rgb, ...stored } of reference.images) {
  const depth = stored.depth as Image["depth"];
  const image: Image = {
    width: stored.width,
    height: stored.height,
    channels: stored.channels as Image["channels"],
    depth,
    data: arrays[depth].from(stored.data),
  };

  Deno.test(`intensityRange() finds numpy's percentiles of ${name}`, () => {
    assertEquals(intensityRange(image), { low, high });
  });

  Deno.test(`toRgb8() spreads ${name} as numpy does`, () => {
    assertEquals([...toRgb8(image).data], rgb);
  });
}

function gray8(data: number[]): Image {
  return {
    width: data.length,
    height: 1,
    channels: 1,
    depth: 8,
    data: Uint8Array.from(data),
  };
}

Deno.test("toRgb8() leaves 8 bits alone unless the image is dark", () => {
  assertEquals([...toRgb8(gray8([3, 128])).data], [3, 3, 3, 128, 128, 128]);
  assertEquals([...toRgb8(gray8([3, 127])).data], [0, 0, 0, 255, 255, 255]);
});

Deno.test("toRgb8() drops alpha and does not count it", () => {
  const data = new Uint8Array([200, 100, 50, 255, 90, 80, 70, 0]);
  const image: Image = { width: 2, height: 1, channels: 4, depth: 8, data };
  assertEquals([...toRgb8(image).data], [200, 100, 50, 90, 80, 70]);
  const opaque = new Uint8Array([20, 10, 10, 255, 10, 60, 10, 255]);
  assertEquals(intensityRange({ ...image, data: opaque }), {
    low: 10,
    high: 60,
  });
});

Deno.test("toRgb8() spreads all channels alike, so that colors keep their balance", () => {
  const data = new Uint16Array([1000, 3000, 5000]);
  const image: Image = { width: 1, height: 1, channels: 3, depth: 16, data };
  assertEquals([...toRgb8(image).data], [0, 128, 255]);
});

Deno.test("toRgb8() makes an image of one value black, unless it is bright 8 bits", () => {
  const flat16: Image = {
    width: 2,
    height: 1,
    channels: 1,
    depth: 16,
    data: new Uint16Array([900, 900]),
  };
  assertEquals([...toRgb8(flat16).data], [0, 0, 0, 0, 0, 0]);
  assertEquals([...toRgb8(gray8([0])).data], [0, 0, 0]);
  assertEquals([...toRgb8(gray8([255])).data], [255, 255, 255]);
});

Deno.test("toRgb8() makes NaN black and infinities black and white", () => {
  const data = new Float32Array([NaN, -Infinity, Infinity, 1, 3]);
  const image: Image = { width: 5, height: 1, channels: 1, depth: 32, data };
  assertEquals(intensityRange(image), { low: 1, high: 3 });
  const red = toRgb8(image).data.filter((_, index) => index % 3 === 0);
  assertEquals([...red], [0, 0, 255, 0, 255]);
  assertEquals(intensityRange({ ...image, data: data.fill(NaN) }), {
    low: 0,
    high: 0,
  });
});

Deno.test("toRgb8() spreads a piece by the range of its whole", () => {
  const whole: Image = {
    width: 4,
    height: 1,
    channels: 1,
    depth: 16,
    data: new Uint16Array([0, 100, 200, 1000]),
  };
  const piece: Image = { ...whole, width: 2, data: whole.data.slice(1, 3) };
  const range = intensityRange(whole);
  assertEquals(
    [...toRgb8(piece, range).data],
    [...toRgb8(whole).data.slice(3, 9)],
  );
});
