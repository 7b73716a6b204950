import { assertEquals, assertRejects } from "@std/assert";
import { openDevice } from "@unet/device";
import { DeviceError } from "@unet/errors";
import { readModel } from "@unet/model";
import { NetworkThreads } from "./network_threads.ts";
import { openNetwork } from "./open_network.ts";

const small = { images: 1000, largestFile: 5000 };
const shapes = [[1, 64, 32], [1, 32, 32], [2, 32, 64]] as const;

/** Windows that differ by their number. */
function windowsOf(seed: number): Float32Array {
  const [count, height, width] = shapes[seed % shapes.length]!;
  return Float32Array.from(
    { length: count * height * width * 3 },
    (_, at) => ((at + 1) * (seed + 7) * 40_503 % 65_536) / 65_536,
  );
}

const seeds = Array.from({ length: 12 }, (_, seed) => seed);

async function testOn(device: string): Promise<void> {
  const saved = await readModel("nuclei"), choices = { device, window: 128 };
  const expected: Float32Array[] = [];
  await using here = await openNetwork(saved, choices);
  for (const seed of seeds) {
    const shape = shapes[seed % shapes.length]!;
    expected.push(await here.predict(windowsOf(seed), shape));
  }
  const bytes = saved.bytes.slice();
  await using there = new NetworkThreads();
  const { predict } = await there.open({ path: saved.path, bytes }, choices);
  for (const batch of [{ ...small, images: 3 }, small, small]) {
    predict.prepare!(batch);
    const asked = seeds.map((seed) =>
      predict(windowsOf(seed), shapes[seed % shapes.length]!)
    );
    assertEquals(await Promise.all(asked), expected);
  }
}

Deno.test("NetworkThreads predict the same numbers in one thread, of a device that has no more", () =>
  testOn("wasm"));

const absent = await openDevice("onednn")
  .then((device) => device.close())
  .catch((error: Error) => ` (skipped: ${error.message})`) ?? "";
Deno.test({
  name:
    `NetworkThreads predict the same bits in two threads that share the processor${absent}`,
  ignore: absent !== "",
  fn: () => testOn("onednn"),
});

Deno.test("NetworkThreads say that a thread ended", async () => {
  const program = new URL("../fixtures/ending_worker.ts", import.meta.url);
  await using threads = new NetworkThreads(program);
  await assertRejects(
    () => threads.open({ path: "m", bytes: new Uint8Array(3) }, {}),
    DeviceError,
    "the thread's end",
  );
});
