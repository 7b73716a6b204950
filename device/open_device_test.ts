import * as tf from "@tensorflow/tfjs-core";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { DeviceError, UsageError } from "@unet/errors";
import { describeChoice, devices, openDevice } from "./mod.ts";

/** The devices that need nothing but Deno. */
const everywhere = ["wasm", "cpu"] as const;

Deno.test("openDevice() makes tfjs compute on the device", async () => {
  for (const name of everywhere) {
    const device = await openDevice(name);
    assertEquals(device.name, name);
    assertEquals(tf.getBackend(), name);
    assertEquals(device.precision, "float32");
    assert(device.gflops > 0);
    await device.close();
  }
});

Deno.test("openDevice() takes the fastest for auto and says why", async () => {
  const device = await openDevice("auto");
  assertEquals(tf.getBackend(), device.name);
  assert(device.name !== "cpu" && device.gflops > 0);
  const others = device.passedOver.map(({ name }) => name);
  assertEquals([...others, device.name].sort(), [...devices].sort());
  const slower = device.passedOver.find(({ name }) => name === "cpu")!;
  assertMatch(slower.reason, /^slower, about [\d.]+ GFLOPS$/);
  assertMatch(
    describeChoice(device),
    new RegExp(
      `^Device: ${device.name} \\(.*, float32, about [\\d.]+ GFLOPS\\)` +
        ".*; not cpu \\(slower, about [\\d.]+ GFLOPS\\)$",
    ),
  );
  await device.close();
});

Deno.test("openDevice() gives auto up when the time limit is over", async () => {
  const { message } = await assertRejects(
    () => openDevice("auto", { timeLimit: 0 }),
    DeviceError,
  );
  assertMatch(message, /^Cannot open device "auto": found none that works \(/);
  for (const name of devices) assert(message.includes(`${name}: `), message);
  for (const name of everywhere) {
    assert(message.includes(`${name}: no answer within 0 s`), message);
  }
  assertEquals(tf.getBackend() || null, null);
});

Deno.test("openDevice() names the devices when there is none of the name", async () => {
  const error = await assertRejects(() => openDevice("cuda"), UsageError);
  assertEquals(
    error.message,
    'Cannot open device "cuda": found no device of that name, expected ' +
      ["auto", ...devices].join(", "),
  );
});

Deno.test("openDevice() refuses a precision that the device lacks", async () => {
  const error = await assertRejects(
    () => openDevice("wasm", { precision: "mixed" }),
    DeviceError,
  );
  assertEquals(
    error.message,
    'Cannot open device "wasm": found no mixed precision; use `precision float32`',
  );
});

Deno.test("openDevice() shares a device until the last one closes it", async () => {
  const [first, second] = [await openDevice("wasm"), await openDevice("wasm")];
  const x = tf.tensor1d([1, 2]);
  await first.close();
  await first.close();
  assertEquals([...await tf.add(x, x).data()], [2, 4]);
  await second.close();
  assertEquals(tf.getBackend() || null, null);
});

Deno.test("openDevice() shares a device that is still starting", async () => {
  const [first, second] = await Promise.all([
    openDevice("wasm"),
    openDevice("wasm"),
  ]);
  await first.close();
  assertEquals(tf.getBackend(), "wasm");
  await second.close();
});

Deno.test("openDevice() leaves no other backend for tfjs to turn to", async () => {
  const device = await openDevice("wasm");
  await device.close();
  let message = "";
  try {
    tf.tensor1d([1]);
  } catch (cause) {
    message = (cause as Error).message;
  }
  assertMatch(message, /No backend/);
});

Deno.test("openDevice() leaves no handlers on the process and no tensors", async () => {
  const count = () =>
    ["uncaughtException", "unhandledRejection"].map((event) =>
      process.listenerCount(event)
    );
  const cpu = await openDevice("cpu");
  const before = count(), tensors = tf.memory().numTensors;
  const device = await openDevice("wasm");
  assertEquals(count(), before);
  assertEquals(tf.memory().numTensors, tensors);
  await device.close();
  await cpu.close();
});

Deno.test("openDevice() opens wasm again with all its kernels after closing", async () => {
  await (await openDevice("wasm")).close();
  const device = await openDevice("wasm");
  const y = tf.conv2d(
    tf.ones([1, 3, 3, 4]) as tf.Tensor4D,
    tf.ones([3, 3, 4, 4]) as tf.Tensor4D,
    1,
    "valid",
  );
  assertEquals([...await y.data()], [36, 36, 36, 36]);
  // Three channels out are not for our kernel: this one is tfjs' own.
  const z = tf.conv2d(
    tf.ones([1, 3, 3, 4]) as tf.Tensor4D,
    tf.ones([3, 3, 4, 3]) as tf.Tensor4D,
    1,
    "valid",
  );
  assertEquals([...await z.data()], [36, 36, 36]);
  await device.close();
});

Deno.test("openDevice() names the permission that wasm needs", async () => {
  const program = await Deno.makeTempFile({ suffix: ".js" });
  const module = JSON.stringify(import.meta.resolve("./mod.ts"));
  await Deno.writeTextFile(
    program,
    `import { openDevice } from ${module};
    await openDevice("wasm").catch((error) => console.log(error.message));`,
  );
  const config = fileURLToPath(new URL("../deno.json", import.meta.url));
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-lock", `--config=${config}`, "--deny-read", program],
    stderr: "null",
  }).output();
  await Deno.remove(program);
  assertEquals(
    new TextDecoder().decode(stdout),
    'Cannot open device "wasm": found a package whose .wasm file cannot be read (--allow-read)\n',
  );
});
