import { getBackend, setBackend } from "@tensorflow/tfjs-core";
import { cannot, DeviceError } from "@unet/errors";
import { checkBatchNorm } from "./_check_batch_norm.ts";
import { checkArithmetic, measureSpeed } from "./_check_device.ts";
import { noAnswer, type Trial, tryApart } from "./_try_apart.ts";
import type { Device, DeviceName, PassedOver, Precision } from "./device.ts";
import { driverOf, drivers } from "./devices.ts";
import type { DeviceDriver, StartedDevice } from "./driver.ts";
import { registerGradients } from "./gradients.ts";
import { missingKernels } from "./required_kernels.ts";

/** How {@linkcode openDevice} opens. */
export interface OpenDeviceOptions {
  /** What to compute with; default: what the device does by itself. */
  precision?: Precision | undefined;
  /**
   * Seconds that `auto` gives each device to start and compute a little;
   * default: 30.
   */
  timeLimit?: number | undefined;
}

/** A device that runs, and how many have it open: tfjs has one of each name. */
interface Running extends StartedDevice {
  readonly name: DeviceName;
  readonly precision: Precision;
  readonly gflops: number;
  users: number;
}

const running = new Map<DeviceName, Running>();

/**
 * Opens a device and makes tfjs compute on it, from then on and everywhere in
 * the program. First a small convolution and batch norm and their gradients
 * are computed and compared with known numbers. tfjs' gradients are registered as well, so
 * that a loss written in tfjs' functions trains.
 *
 * `auto` tries devices of native code in a worker first, since such code may
 * hang. If one does, the worker stays, and the program must end with
 * `Deno.exit()`.
 *
 * @param name A device, or `auto` for the fastest of those that pass.
 * @param options What to compute with.
 * @returns The open device; the caller closes it.
 * @throws {UsageError} If there is no device of that name.
 * @throws {DeviceError} If the device cannot be started, computes wrong
 * numbers or lacks the precision; no other is taken in its place.
 *
 * @example
 * ```ts
 * import { openDevice } from "@unet/device";
 * import * as tf from "@tensorflow/tfjs-core";
 * import { assertEquals } from "@std/assert";
 *
 * const device = await openDevice("wasm");
 * const sum = tf.add(tf.scalar(1), tf.scalar(2));
 * assertEquals([...await sum.data()], [3]);
 * await device.close();
 * ```
 */
export function openDevice(
  name: DeviceName | "auto" | (string & Record<never, never>),
  options: OpenDeviceOptions = {},
): Promise<Device> {
  return inTurn(async () => {
    const { precision, timeLimit = 30 } = options;
    if (name === "auto") return await openFastest(precision, timeLimit);
    const device = await tryDevice(driverOf(name), precision);
    if (!("fault" in device)) return handle(device);
    const { fault: found, remedy, cause } = device;
    throw new DeviceError(
      cannot("open", "device", name, remedy ? { found, remedy } : { found }),
      { cause },
    );
  });
}

let last: Promise<unknown> = Promise.resolve();

/** Opens and closes one after the other: all share tfjs' current backend. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = last.then(work);
  last = turn.catch(() => {});
  return turn;
}

/** Why a device did not open. */
interface Fault {
  readonly fault: string;
  readonly remedy?: string;
  readonly cause?: unknown;
}

async function openFastest(
  precision: Precision | undefined,
  timeLimit: number,
): Promise<Device> {
  const passedOver: PassedOver[] = [];
  let best: Running | null = null;
  for (const driver of drivers) {
    const device = await tryByItself(driver, precision, timeLimit);
    if ("fault" in device) {
      passedOver.push({ name: driver.name, reason: device.fault });
      continue;
    }
    const slower: Running | null = best && best.gflops < device.gflops
      ? best
      : best && device;
    if (slower !== device) best = device;
    if (!slower) continue;
    const reason = `slower, ${formatSpeed(slower.gflops)}`;
    passedOver.push({ name: slower.name, reason });
    await release(slower);
  }
  if (!best) {
    const faults = passedOver.map(({ name, reason }) => `${name}: ${reason}`);
    throw new DeviceError(
      cannot("open", "device", "auto", {
        found: `none that works (${faults.join("; ")})`,
      }),
    );
  }
  // The current backend is the last one tried, which may be closed by now.
  await setBackend(best.name);
  return handle(best, passedOver);
}

/** Opens a device that nobody asked for, or tells why not. */
async function tryByItself(
  driver: DeviceDriver,
  precision: Precision | undefined,
  timeLimit: number,
): Promise<Running | Fault> {
  const { name, isNative } = driver;
  if (!running.has(name)) {
    const fault = isNative
      ? await tryApart({ name, precision }, timeLimit)
      : await driver.probe() ?? await driver.whyNotByItself?.() ?? null;
    if (fault !== null) return { fault };
  }
  return await tryDevice(driver, precision, timeLimit);
}

/** Opens a device and closes it again, and tells why it does not open. */
export function whyNotOpen(
  { name, precision }: Trial,
): Promise<string | null> {
  return inTurn(async () => {
    const device = await tryDevice(driverOf(name), precision);
    if ("fault" in device) return device.fault;
    await release(device);
    return null;
  });
}

/** Opens a device and makes it current, or tells why not. */
async function tryDevice(
  driver: DeviceDriver,
  wanted: Precision | undefined,
  timeLimit = Infinity,
): Promise<Running | Fault> {
  const { name, precisions } = driver;
  const shared = running.get(name);
  const precision = wanted ?? shared?.precision ?? precisions[0];
  if (!precision || !precisions.includes(precision)) {
    return {
      fault: `no ${precision} precision`,
      remedy: `use --precision ${precisions.join(" or ")}`,
    };
  }
  if (shared) {
    if (shared.precision !== precision) {
      return { fault: `it in use with ${shared.precision} precision` };
    }
    await setBackend(name);
    shared.users++;
    return shared;
  }
  const absent = await driver.probe();
  if (absent) return { fault: absent };
  const before = getBackend();
  const begin = performance.now();
  let started: StartedDevice | undefined;
  try {
    started = await startWithin(timeLimit, driver, precision);
    await setBackend(name);
    const gflops = await within(timeLimit, checkAndMeasure(precision));
    if (performance.now() - begin > timeLimit * 1000) throw late(timeLimit);
    registerGradients();
    const fresh = { ...started, name, precision, gflops, users: 1 };
    running.set(name, fresh);
    return fresh;
  } catch (cause) {
    await started?.stop();
    if (before) await setBackend(before);
    return { fault: describe(cause), cause };
  }
}

/** Starts a device; one that comes too late is stopped again. */
async function startWithin(
  timeLimit: number,
  driver: DeviceDriver,
  precision: Precision,
): Promise<StartedDevice> {
  const starting = driver.start(precision);
  let isOver = false;
  starting.then((started) => isOver && started.stop(), () => {});
  try {
    return await within(timeLimit, starting);
  } catch (cause) {
    isOver = true;
    throw cause;
  }
}

/** The device's speed, if its numbers are right. */
async function checkAndMeasure(precision: Precision): Promise<number> {
  const wrong = await checkArithmetic(precision) ?? await checkBatchNorm();
  if (wrong) throw new Error(wrong);
  return await measureSpeed();
}

/** What comes, if it comes in time. */
async function within<T>(timeLimit: number, coming: Promise<T>): Promise<T> {
  if (timeLimit === Infinity) return await coming;
  const { promise: over, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(late(timeLimit)), timeLimit * 1000);
  // What fails later has nobody left to tell.
  coming.catch(() => {});
  try {
    return await Promise.race([coming, over]);
  } finally {
    clearTimeout(timer);
  }
}

function late(timeLimit: number): Error {
  return new Error(noAnswer(timeLimit));
}

function handle(
  shared: Running,
  passedOver: readonly PassedOver[] = [],
): Device {
  const { name, version, hardware, precision, gflops } = shared;
  let open = true;
  return {
    name,
    version,
    hardware,
    precision,
    missingKernels: missingKernels(name),
    gflops,
    passedOver,
    ...(shared.trace && { trace: shared.trace }),
    close: () =>
      inTurn(async () => {
        if (!open) return;
        open = false;
        await release(shared);
      }),
  };
}

async function release(shared: Running): Promise<void> {
  if (--shared.users > 0) return;
  running.delete(shared.name);
  await shared.stop();
}

function describe(cause: unknown): string {
  // What Emscripten rejects with is an object with a message, or a string.
  const message = (cause as { message?: unknown } | null)?.message ?? cause;
  return String(message).split("\n", 1)[0]!;
}

/** As in "about 41 GFLOPS". */
export function formatSpeed(gflops: number): string {
  return `about ${Number(gflops.toPrecision(2))} GFLOPS`;
}
