import { assert, assertEquals, assertRejects } from "@std/assert";
import { DeviceError, ModelError, UsageError } from "@unet/errors";
import { imageReaderOf, segmentBands } from "@unet/infer";
import { readModel } from "@unet/model";
import { NetworkThread } from "./network_thread.ts";
import { openNetwork } from "./open_network.ts";
import { windowOf } from "./window_of.ts";

const shape = [1, 64, 32] as const;

/** Windows that differ by their number. */
function windowsOf(seed: number): Float32Array {
  return Float32Array.from(
    { length: 64 * 32 * 3 },
    (_, at) => ((at + 1) * (seed + 7) * 40_503 % 65_536) / 65_536,
  );
}

Deno.test("NetworkThread predicts the same numbers as the network in the caller's thread, in the order of the calls", async () => {
  const choices = { device: "wasm", window: 128 };
  const saved = await readModel("nuclei");
  const expected: Float32Array[] = [];
  await using here = await openNetwork(saved, choices);
  for (const seed of [1, 2, 3]) {
    expected.push(await here.predict(windowsOf(seed), shape));
  }
  await using thread = new NetworkThread();
  const there = await thread.open(saved, choices);
  assertEquals(there.device.name, "wasm");
  assertEquals(there.predict.heads, here.predict.heads);
  assertEquals(there.window, windowOf(here.model, "wasm", choices));
  // The memory is used again as soon as a call returns.
  const x = new Float32Array(64 * 32 * 3);
  const asked = [1, 2, 3].map((seed) => {
    x.set(windowsOf(seed));
    return there.predict(x, shape);
  });
  assertEquals(await Promise.all(asked), expected);
});

Deno.test("NetworkThread gives bands of the same bits as the network in the caller's thread", async () => {
  const width = 150, height = 190;
  const data = Uint8Array.from(
    { length: width * height },
    (_, at) => (at * 2654435761 >>> 13) % 256,
  );
  const source = imageReaderOf({ width, height, channels: 1, depth: 8, data });
  const saved = await readModel("nuclei"), range = { low: 0, high: 255 };
  const choices = { device: "wasm", window: 96 };
  await using here = await openNetwork(saved, choices);
  const window = windowOf(here.model, "wasm", choices);
  const expected = await Array.fromAsync(
    segmentBands(source, here.predict, { ...window, range }),
  );
  await using thread = new NetworkThread();
  const there = await thread.open(saved, choices);
  const found = await Array.fromAsync(
    segmentBands(source, there.predict, { ...there.window, range }),
  );
  assert(found.length > 1);
  assertEquals(found, expected);
});

Deno.test("NetworkThread passes errors on by their classes, and predicts after one", async () => {
  const saved = await readModel("nuclei");
  const bytes = () => saved.bytes.slice();
  {
    await using thread = new NetworkThread();
    await assertRejects(
      () => thread.open({ ...saved, bytes: bytes() }, { device: "abacus" }),
      UsageError,
      '"abacus"',
    );
  }
  {
    await using thread = new NetworkThread();
    await assertRejects(
      () => thread.open({ ...saved, bytes: bytes() }, { window: 100 }),
      UsageError,
      "found 100, expected a multiple of 32",
    );
  }
  {
    await using thread = new NetworkThread();
    await assertRejects(
      () =>
        thread.open({ ...saved, bytes: bytes().subarray(0, 5000) }, {
          device: "wasm",
        }),
      ModelError,
    );
  }
  await using thread = new NetworkThread();
  const { predict } = await thread.open(saved, { device: "wasm" });
  await assertRejects(() => predict(new Float32Array(5), [1, 2, 3]));
  const values = await predict(windowsOf(1), shape);
  assertEquals(values.length, 64 * 32 * predict.heads!.length);
});

Deno.test("NetworkThread says that its thread ended to all who wait, and to who asks later", async () => {
  const program = new URL("../fixtures/ending_worker.ts", import.meta.url);
  await using thread = new NetworkThread(program);
  const model = { path: "m", bytes: new Uint8Array(3) };
  const expected = [
    DeviceError,
    'Cannot compute with network "in a thread of its own": found the thread\'s end: Uncaught',
  ] as const;
  await assertRejects(() => thread.open(model, {}), ...expected);
  const later = { path: "m", bytes: new Uint8Array(3) };
  await assertRejects(() => thread.open(later, {}), ...expected);
});
