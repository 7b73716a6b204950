import { assert, assertEquals, assertRejects } from "@std/assert";
import { decodeImage } from "./decode_image.ts";
import { encodeJpeg } from "./encode_jpeg.ts";

const gray = { width: 16, height: 8, channels: 1, depth: 8 } as const;

Deno.test("encodeJpeg() makes what decodeImage() reads back, nearly", async () => {
  const data = Uint8Array.from({ length: 128 }, (_, i) => (i % 16) * 16);
  const bytes = await encodeJpeg({ ...gray, data }, 95);
  const read = await decodeImage(bytes, "a.jpg");
  assertEquals([read.width, read.height], [16, 8]);
  const { channels } = read;
  data.forEach((value, i) => {
    assert(Math.abs(read.data[i * channels]! - value) < 8, `pixel ${i}`);
  });
});

Deno.test("encodeJpeg() refuses other depths, alpha, a wrong number of values and qualities", async () => {
  const data = new Uint8Array(128);
  await assertRejects(
    () => encodeJpeg({ ...gray, depth: 16, data: new Uint16Array(128) }),
    TypeError,
    "Cannot encode image as JPEG: found 1 channel of 16 bits, expected 1 or 3 of 8",
  );
  await assertRejects(
    () => encodeJpeg({ ...gray, channels: 4, data: new Uint8Array(512) }),
    TypeError,
    "found 4 channels",
  );
  await assertRejects(
    () => encodeJpeg({ ...gray, data: data.subarray(1) }),
    RangeError,
    "found 127 values, expected 128 for 16×8 with 1 channel",
  );
  await assertRejects(
    () => encodeJpeg({ ...gray, data }, 0),
    RangeError,
    "found a quality of 0, expected 1…100",
  );
});
