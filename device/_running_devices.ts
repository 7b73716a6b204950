import { getBackend, setBackend } from "@tensorflow/tfjs-core";
import { checkBatchNorm } from "./_check_batch_norm.ts";
import { checkArithmetic, measureSpeed } from "./_check_device.ts";
import { noAnswer } from "./_no_answer.ts";
import type { Device, DeviceName, PassedOver, Precision } from "./device.ts";
import type { DeviceDriver, StartedDevice } from "./driver.ts";
import { registerGradients } from "./gradients.ts";
import { missingKernels } from "./required_kernels.ts";

/** A device that runs, and how many have it open: tfjs has one of each name. */
export interface Running extends StartedDevice {
  readonly name: DeviceName;
  readonly precision: Precision;
  readonly gflops: number;
  users: number;
}

/** The devices that run, by name. */
export const running = new Map<DeviceName, Running>();

let last: Promise<unknown> = Promise.resolve();

/** Opens and closes one after the other: all share tfjs' current backend. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const turn = last.then(work);
  last = turn.catch(() => {});
  return turn;
}

/** Why a device did not open. */
export interface Fault {
  readonly fault: string;
  readonly remedy?: string;
  readonly cause?: unknown;
  /** Whether it lasts: the device or the precision is not there. */
  readonly isLasting?: boolean;
}

/** How a device is tried. */
export interface TryOptions {
  /** What to compute with; the driver's first precision if not given. */
  readonly precision?: Precision | undefined;
  /** Seconds that it has to start, and then to compute; no end by default. */
  readonly timeLimit?: number | undefined;
  /** Its speed, if that is known; measured if not. */
  readonly gflops?: number | undefined;
}

/** Opens a device and makes it current, or reports why not. */
export async function tryDevice(
  driver: DeviceDriver,
  { precision: wanted, timeLimit = Infinity, gflops: known }: TryOptions = {},
): Promise<Running | Fault> {
  const { name, precisions } = driver;
  const shared = running.get(name);
  const precision = wanted ?? shared?.precision ?? precisions[0];
  if (!precision || !precisions.includes(precision)) {
    return {
      fault: `no ${precision} precision`,
      remedy: `use \`precision ${precisions.join(" or ")}\``,
      isLasting: true,
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
  if (absent) return { fault: absent, isLasting: true };
  const before = getBackend();
  const begin = performance.now();
  let started: StartedDevice | undefined;
  try {
    started = await startWithin(timeLimit, driver, precision);
    await setBackend(name);
    const gflops = await within(
      timeLimit,
      checkAndMeasure(precision, known),
    );
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

/** The device's speed, if its numbers are right; these are always checked. */
async function checkAndMeasure(
  precision: Precision,
  known: number | undefined,
): Promise<number> {
  const wrong = await checkArithmetic(precision) ?? await checkBatchNorm();
  if (wrong) throw new Error(wrong);
  return known ?? await measureSpeed();
}

/** What comes, if it comes in time. */
async function within<T>(timeLimit: number, coming: Promise<T>): Promise<T> {
  if (timeLimit === Infinity) return await coming;
  const { promise: over, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(late(timeLimit)), timeLimit * 1000);
  // What fails later has nobody left to report to.
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

/** A caller's hold on a device that runs. */
export function handle(
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
    ...(shared.threads && { threads: shared.threads }),
    close: () =>
      inTurn(async () => {
        if (!open) return;
        open = false;
        await release(shared);
      }),
  };
}

/** Ends one caller's hold; the last one's end stops the device. */
export async function release(shared: Running): Promise<void> {
  if (--shared.users > 0) return;
  running.delete(shared.name);
  await shared.stop();
}

function describe(cause: unknown): string {
  // What Emscripten rejects with is an object with a message, or a string.
  const message = (cause as { message?: unknown } | null)?.message ?? cause;
  return String(message).split("\n", 1)[0]!;
}
