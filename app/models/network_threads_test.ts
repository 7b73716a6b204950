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

const seeds = Array.from({ length: 6 }, (_, seed) => seed);

async function testOn(device: string, expectsBatch: boolean): Promise<void> {
  const saved = await readModel("nuclei"), choices = { device, window: 128 };
  const expected: Float32Array[] = [];
  await using here = await openNetwork(saved, choices);
  for (const seed of seeds) {
    const shape = shapes[seed % shapes.length]!;
    expected.push(await here.predict(windowsOf(seed), shape));
  }
  const bytes = saved.bytes.slice();
  await using there = new NetworkThreads({ expectsBatch });
  const { predict } = await there.open({ path: saved.path, bytes }, choices);
  for (const batch of [small, { ...small, images: 1 }, small]) {
    predict.prepare!(batch);
    const asked = seeds.map((seed) =>
      predict(windowsOf(seed), shapes[seed % shapes.length]!)
    );
    assertEquals(await Promise.all(asked), expected);
  }
}

Deno.test("NetworkThreads predict the same numbers in one thread, of a device that has no more", () =>
  testOn("wasm", true));

const absent = await openDevice("onednn")
  .then((device) => device.close())
  .catch((error: Error) => ` (skipped: ${error.message})`) ?? "";
Deno.test({
  name:
    `NetworkThreads predict the same bits in two threads that share the processor${absent}`,
  ignore: absent !== "",
  async fn() {
    for (const expectsBatch of [false, true]) {
      await testOn("onednn", expectsBatch);
    }
  },
});

Deno.test("NetworkThreads end the second thread where images are few or large", async () => {
  const saved = await readModel("nuclei"), { path } = saved;
  const few = { ...small, images: 3 }, large = { ...small, largestFile: 1e8 };
  await using here = await openNetwork(saved, { device: "wasm" });
  const expected = await here.predict(windowsOf(0), shapes[0]);
  for (const batch of [few, large]) {
    await using there = new NetworkThreads({ expectsBatch: true });
    const bytes = saved.bytes.slice();
    const { predict } = await there.open({ path, bytes }, { device: "wasm" });
    predict.prepare!(batch);
    assertEquals(await predict(windowsOf(0), shapes[0]), expected);
  }
});

Deno.test("NetworkThreads say that a thread ended", async () => {
  const program = new URL("../fixtures/ending_worker.ts", import.meta.url);
  await using threads = new NetworkThreads({ program });
  await assertRejects(
    () => threads.open({ path: "m", bytes: new Uint8Array(3) }, {}),
    DeviceError,
    "the thread's end",
  );
});
