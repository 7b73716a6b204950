import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import {
  type Comparison,
  recallDevices,
  rememberDevices,
  stampDevice,
} from "./_remembered_devices.ts";
import { devices, driverOf } from "./devices.ts";
import { rememberedDevice } from "./remembered_device.ts";
import type { DeviceDriver } from "./driver.ts";

/** Two devices that compute, and three that are not there. */
const found: Comparison = {
  measured: [
    { name: "wasm", gflops: 30, version: "w 1", hardware: "one core" },
    { name: "cpu", gflops: 2, version: "c 1", hardware: "one core" },
  ],
  absent: devices.filter((name) => name !== "wasm" && name !== "cpu")
    .map((name) => ({ name, reason: "not here" })),
};

/** Runs with an empty cache, and some variables of the environment. */
async function withCache(
  work: (cache: string) => Promise<void>,
): Promise<void> {
  const names = ["UNET_CACHE", "OMP_NUM_THREADS", "UNET_ONEDNN"];
  const before = names.map((name) => [name, Deno.env.get(name)] as const);
  const cache = await Deno.makeTempDir();
  Deno.env.set("UNET_CACHE", cache);
  try {
    await work(cache);
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Deno.env.delete(name);
      else Deno.env.set(name, value);
    }
    await Deno.chmod(cache, 0o700);
    await Deno.remove(cache, { recursive: true });
  }
}

/** The one note in a cache. */
async function noteIn(cache: string): Promise<string> {
  const folder = join(cache, "devices", "measured");
  const names = (await Array.fromAsync(Deno.readDir(folder)))
    .map(({ name }) => name);
  assertEquals(names.length, 1);
  return join(folder, names[0]!);
}

/** What a note holds after a change of it. */
async function changeNote(
  cache: string,
  changes: Record<string, unknown>,
): Promise<void> {
  const path = await noteIn(cache);
  const note = JSON.parse(await Deno.readTextFile(path));
  await Deno.writeTextFile(path, JSON.stringify({ ...note, ...changes }));
}

/** What a comparison says, without the note around it. */
function said(comparison: Comparison | null): Comparison | null {
  if (comparison === null) return null;
  const { measured, absent } = comparison;
  return { measured, absent };
}

Deno.test("recallDevices() gives what rememberDevices() noted", () =>
  withCache(async () => {
    assertEquals(await recallDevices("float32"), null);
    await rememberDevices(found, {}, "float32");
    assertEquals(said(await recallDevices("float32")), found);
    assertEquals(said(await recallDevices()), found);
    assertEquals(await recallDevices("mixed"), null);
  }));

Deno.test("recallDevices() gives nothing once a setting has changed", () =>
  withCache(async () => {
    Deno.env.delete("OMP_NUM_THREADS");
    await rememberDevices(found, {});
    for (const name of ["OMP_NUM_THREADS", "UNET_ONEDNN"]) {
      Deno.env.set(name, "3");
      assertEquals(await recallDevices(), null);
      Deno.env.delete(name);
      assertEquals(said(await recallDevices()), found);
    }
  }));

Deno.test("recallDevices() gives nothing once a library comes, changes or goes", () =>
  withCache(async (cache) => {
    const library = join(cache, "library.so");
    const driver = {
      traces: () => Promise.resolve([library]),
    } as unknown as DeviceDriver;
    const remember = async () =>
      await rememberDevices(found, (await stampDevice(driver))!);
    await remember();
    assertEquals(said(await recallDevices()), found);
    await Deno.writeTextFile(library, "1");
    assertEquals(await recallDevices(), null);
    await remember();
    assertEquals(said(await recallDevices()), found);
    await Deno.writeTextFile(library, "12");
    assertEquals(await recallDevices(), null);
    await remember();
    await Deno.remove(library);
    assertEquals(await recallDevices(), null);
  }));

Deno.test("recallDevices() gives nothing of another version or another machine", () =>
  withCache(async (cache) => {
    for (const key of ["program", "setup"]) {
      await rememberDevices(found, {});
      await changeNote(cache, { [key]: "another" });
      assertEquals(await recallDevices(), null);
    }
  }));

Deno.test("recallDevices() gives nothing after a week, or of the future", () =>
  withCache(async (cache) => {
    const day = 24 * 3600 * 1000;
    await rememberDevices(found, {});
    await changeNote(cache, { time: Date.now() - 6 * day });
    assertEquals(said(await recallDevices()), found);
    for (const time of [Date.now() - 8 * day, Date.now() + day]) {
      await changeNote(cache, { time });
      assertEquals(await recallDevices(), null);
    }
  }));

Deno.test("recallDevices() gives nothing of a note that is damaged or another's", () =>
  withCache(async (cache) => {
    await rememberDevices(found, {});
    const path = await noteIn(cache);
    const whole = await Deno.readTextFile(path);
    for (
      const text of [
        "",
        "null",
        "[]",
        "{}",
        whole.slice(0, -9),
        "[".repeat(1e5),
        whole + " ".repeat(1e5),
        "\0".repeat(100),
      ]
    ) {
      await Deno.writeTextFile(path, text);
      assertEquals(await recallDevices(), null, text.slice(0, 40));
    }
    const [wasm, cpu] = found.measured;
    for (
      const changes of [
        { measured: [] },
        { measured: null },
        { measured: [wasm] },
        { measured: [wasm, wasm, cpu] },
        { measured: [wasm, null] },
        { measured: [{ ...wasm, gflops: -1 }, cpu] },
        { measured: [{ ...wasm, gflops: null }, cpu] },
        { measured: [{ ...wasm, name: "abacus" }, cpu] },
        { measured: [{ ...wasm, version: 1 }, cpu] },
        { absent: found.absent.slice(1) },
        { absent: found.absent.map(({ name }) => ({ name })) },
        { stamps: null },
        { stamps: { "/etc": 1 } },
        { time: "today" },
      ]
    ) {
      await Deno.writeTextFile(path, whole);
      await changeNote(cache, changes);
      assertEquals(await recallDevices(), null, JSON.stringify(changes));
    }
    await Deno.remove(path);
    await Deno.mkdir(path);
    assertEquals(await recallDevices(), null);
  }));

Deno.test("rememberDevices() does without a cache that cannot be written", () =>
  withCache(async (cache) => {
    const folder = join(cache, "devices");
    await Deno.writeTextFile(folder, "a file where the folder would be");
    await rememberDevices(found, {});
    assertEquals(await recallDevices(), null);
  }));

Deno.test("rememberDevices() leaves one whole note of many at once", () =>
  withCache(async (cache) => {
    await Promise.all(
      Array.from({ length: 8 }, () => rememberDevices(found, {})),
    );
    await noteIn(cache);
    assertEquals(said(await recallDevices()), found);
  }));

Deno.test("stampDevice() stamps what each device follows from", async () => {
  for (const name of devices) {
    const driver = await driverOf(name);
    const stamps = await stampDevice(driver);
    assertEquals(
      Object.keys(stamps!).toSorted(),
      [...new Set(await driver.traces?.())].toSorted(),
    );
  }
  const onednn = await stampDevice(await driverOf("onednn"));
  assert(Object.keys(onednn!).some((path) => path.endsWith("libdnnl.so.3")));
});

Deno.test("every device computes in float32 unless another precision is asked for", async () => {
  for (const name of devices) {
    const { precisions } = await driverOf(name);
    assertEquals(precisions[0], "float32");
  }
});

Deno.test("rememberedDevice() names the fastest of those that were noted, and none where nothing is", async () => {
  await withCache(async () => {
    assertEquals(await rememberedDevice(), null);
    await rememberDevices(found, {});
    assertEquals(await rememberedDevice(), "wasm");
    assertEquals(await rememberedDevice("mixed"), null);
  });
});
