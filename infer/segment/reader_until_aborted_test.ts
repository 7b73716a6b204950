import { assert, assertEquals, assertRejects } from "@std/assert";
import { type Image, rescaled } from "@unet/data";
import { imageReaderOf } from "../windows/image_reader_of.ts";
import { readerUntilAborted } from "./reader_until_aborted.ts";

Deno.test("readerUntilAborted() ends the shrinking of a large image between its pieces", async () => {
  const width = 2048, height = 8192;
  const data = Uint8Array.from({ length: width * height }, (_, at) => at % 251);
  const image: Image = { width, height, channels: 1, depth: 8, data };
  const whole = imageReaderOf(image);
  const shrunk = async (
    onRead: (count: number) => void,
    signal: AbortSignal,
  ) => {
    let count = 0;
    const counted = {
      ...whole,
      read: (...window: Parameters<typeof whole.read>) => {
        onRead(++count);

        return whole.read(...window);
      },
    };
    await using small = rescaled(readerUntilAborted(counted, signal), 1 / 16);
    return await small.read(0, 0, small.width, small.height);
  };
  let all = 0;
  const small = await shrunk(
    (count) => all = count,
    new AbortController().signal,
  );
  const direct = rescaled(whole, 1 / 16);
  assertEquals(small, await direct.read(0, 0, direct.width, direct.height));
  assert(all >= 3, `${all} pieces`);
  const controller = new AbortController();
  let reads = 0;
  const end = (count: number) => {
    reads = count;
    controller.abort(new Error("gone"));
  };
  await assertRejects(() => shrunk(end, controller.signal), Error, "gone");
  assertEquals(reads, 1);
});
