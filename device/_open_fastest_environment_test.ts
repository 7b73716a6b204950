import * as tf from "@tensorflow/tfjs-core";
import { assert, assertEquals, assertMatch } from "@std/assert";
import { openFastest } from "./_open_fastest.ts";
import { recallDevices, rememberDevices } from "./_remembered_devices.ts";
import { inTurn } from "./_running_devices.ts";
import type { Device, DeviceName } from "./device.ts";
import { devices, driverOf } from "./devices.ts";
import type { DeviceDriver } from "./driver.ts";
import { openDevice } from "./open_device.ts";

/** Devices that need nothing but Deno; the others are left out here. */
const names = ["wasm", "cpu"] as const;

/** Runs with an empty cache. */
async function withCache(work: () => Promise<void>): Promise<void> {
  const before = Deno.env.get("UNET_CACHE");
  const cache = await Deno.makeTempDir();
  Deno.env.set("UNET_CACHE", cache);
  try {
    await work();
  } finally {
    if (before === undefined) Deno.env.delete("UNET_CACHE");
    else Deno.env.set("UNET_CACHE", before);
    await Deno.remove(cache, { recursive: true });
  }
}

/** A driver that is absent, as far as those around it are concerned. */
function missing(name: DeviceName): DeviceDriver {
  return {
    name,
    precisions: ["float32"],
    probe: () => Promise.resolve("left out"),
    start: () => Promise.reject(new Error("no start")),
  };
}

/** The drivers, with some in the place of others; the native ones left out. */
function driversWith(
  own: Partial<Record<string, DeviceDriver>> = {},
): (name: string) => Promise<DeviceDriver> {
  return async (name) =>
    own[name] ??
      (names.some((each) => each === name)
        ? await driverOf(name)
        : missing(name as DeviceName));
}

function open(
  own?: Partial<Record<string, DeviceDriver>>,
  isStarved = false,
): Promise<Device> {
  return inTurn(() =>
    openFastest({
      names: devices,
      driverOf: driversWith(own),
      isStarved: () => isStarved,
    })
  );
}

/** Whatever is asked of it is a fault of the test. */
function untouched(driver: DeviceDriver): DeviceDriver {
  const refuse = () => Promise.reject(new Error(`${driver.name} was tried`));
  return { ...driver, probe: refuse, start: refuse };
}

/** A driver whose convolutions are half as large again as they should be. */
function wrongly(driver: DeviceDriver): DeviceDriver {
  return {
    ...driver,
    async start(precision) {
      const started = await driver.start(precision);
      const right = tf.getKernel("Conv2D", driver.name);
      const exchange = (kernel: tf.KernelConfig) => {
        tf.unregisterKernel("Conv2D", driver.name);
        tf.registerKernel(kernel);
      };
      exchange({
        ...right,
        kernelFunc(call) {
          const { dataId, shape, dtype } = right.kernelFunc(
            call,
          ) as tf.TensorInfo;
          const backend = call.backend as tf.KernelBackend;
          const values = (backend.readSync(dataId) as Float32Array)
            .map((value) => 1.5 * value);
          return { dataId: backend.write(values, shape, dtype), shape, dtype };
        },
      });
      const stop = () => {
        exchange(right);
        return started.stop();
      };
      return { ...started, stop };
    },
  };
}

Deno.test("openFastest() tries every device once, and then takes what was noted", () =>
  withCache(async () => {
    const first = await open();
    assertEquals(first.name, "wasm");
    await first.close();
    const noted = await recallDevices();
    assertEquals(noted!.measured.map(({ name }) => name), [...names]);
    const others = devices.filter((name) => name !== "wasm");
    const second = await open(Object.fromEntries(
      await Promise.all(
        others.map(async (name) => [name, untouched(await driverOf(name))]),
      ),
    ));
    assertEquals(
      [second.name, second.gflops, second.passedOver],
      [first.name, first.gflops, first.passedOver],
    );
    await second.close();
  }));

Deno.test("openFastest() takes the fastest of the note", () =>
  withCache(async () => {
    await (await open()).close();
    const noted = (await recallDevices())!;
    const turned = noted.measured.map((each) => ({
      ...each,
      gflops: 1 / each.gflops,
    }));
    await rememberDevices({ ...noted, measured: turned }, {});
    const device = await open();
    assertEquals(device.name, "cpu");
    assertEquals(tf.getBackend(), "cpu");
    await device.close();
  }));

Deno.test("openFastest() takes no remembered device that computes wrong numbers", () =>
  withCache(async () => {
    await (await open()).close();
    const device = await open({ wasm: wrongly(await driverOf("wasm")) });
    assertEquals(device.name, "cpu");
    const { reason } = device.passedOver.find(({ name }) => name === "wasm")!;
    assertMatch(reason, /^a convolution that is off by 5\.0e-1 relative$/);
    assertMatch(device.choiceNote!, /^instead of wasm as before \(a convolu/);
    await device.close();
    // The one that computes right again is taken again.
    const again = await open();
    assertEquals(again.name, "wasm");
    await again.close();
  }));

Deno.test("openFastest() tries every device anew where the library is another", () =>
  withCache(async () => {
    await (await open()).close();
    const wasm = await driverOf("wasm");
    const device = await open({
      wasm: {
        ...wasm,
        start: async (precision) => ({
          ...await wasm.start(precision),
          version: "another",
        }),
      },
    });
    assertEquals([device.name, device.version], ["wasm", "another"]);
    await device.close();
    const noted = (await recallDevices())!.measured;
    assertEquals(
      noted.find(({ name }) => name === "wasm")!.version,
      "another",
    );
  }));

Deno.test("openFastest() notes nothing where a device failed, which it may not again", () =>
  withCache(async () => {
    const failing: DeviceDriver = {
      ...missing("onednn"),
      probe: () => Promise.resolve(null),
    };
    const device = await open({ onednn: failing });
    assertEquals(device.name, "wasm");
    await device.close();
    assertEquals(await recallDevices(), null);
  }));

Deno.test("openFastest() notes nothing while others take the processor's time", () =>
  withCache(async () => {
    const device = await open({}, true);
    assertEquals(
      [device.name, device.choiceNote],
      ["wasm", "chosen by rank, as the processor is busy"],
    );
    await device.close();
    assertEquals(await recallDevices(), null);
  }));

Deno.test("openDevice() takes the speed that was noted, and measures where there is none", () =>
  withCache(async () => {
    const measured = await openDevice("cpu");
    assert(measured.gflops > 0);
    const { version, hardware } = measured;
    await measured.close();
    const note = { name: "cpu", gflops: 123.5, version, hardware } as const;
    const absent = devices.filter((name) => name !== "cpu")
      .map((name) => ({ name, reason: "left out" }));
    await rememberDevices({ measured: [note], absent }, {});
    const known = await openDevice("cpu");
    assertEquals(known.gflops, 123.5);
    await known.close();
  }));
