import { join, resolve } from "@std/path";
import { FileError } from "@unet/errors";
import {
  cacheFolder,
  infoOf,
  makeFolder,
  parseJson,
  writeFile,
} from "@unet/files";
import config from "./deno.json" with { type: "json" };
import { describeProcessor } from "./_processor.ts";
import type { Device, PassedOver, Precision } from "./device.ts";
import { devices } from "./devices.ts";
import type { DeviceDriver } from "./driver.ts";

/** A device that computed right numbers, and how fast. */
export type MeasuredDevice = Pick<
  Device,
  "name" | "gflops" | "version" | "hardware"
>;

/** What trying every device found. */
export interface Comparison {
  /** The devices that `auto` may take; at least one. */
  readonly measured: readonly MeasuredDevice[];
  /** The others, and what keeps them from it. */
  readonly absent: readonly PassedOver[];
}

/** A comparison, and what it holds for. */
interface Note extends Comparison {
  /** The program and Deno, by their versions. */
  readonly program: string;
  /** The processor, the variables of the environment, the precision. */
  readonly setup: string;
  /** When it was made, in milliseconds since 1970. */
  readonly time: number;
  /** Files and folders that decided it, and what they were like. */
  readonly stamps: Readonly<Record<string, string>>;
}

/** Settings that decide which library is found, or how fast it computes. */
const variables = [
  "UNET_ONEDNN_WINOGRAD",
  "UNET_TENSORFLOW_THREADS",
  "OMP_NUM_THREADS",
  "OMP_WAIT_POLICY",
  "GOMP_SPINCOUNT",
];
const pathVariables = ["UNET_ONEDNN", "UNET_TENSORFLOW"];

const program = `${config.version}, Deno ${Deno.version.deno}`;

/** What every device computes with where nothing else is asked for. */
const firstPrecision: Precision = "float32";

/** A note is small; what is larger at its place is something else. */
const largestNote = 2 ** 16;
/** A week: what no stamp shows, as another environment of Python, is found. */
const lifetime = 7 * 24 * 3600 * 1000;

/**
 * What an earlier start found on this machine, if that still holds: the same
 * processor, threads, settings, versions and precision, and every file and
 * folder that decided it unchanged. Whatever is wrong with the note, there is
 * none then.
 *
 * @param precision What is computed with.
 * @returns The comparison, or null.
 */
export async function recallDevices(
  precision?: Precision,
): Promise<Comparison | null> {
  const place = await placeOf(precision);
  const note = place && await readNote(place.path);
  if (!note || note.program !== program || note.setup !== place.setup) {
    return null;
  }
  const age = Date.now() - note.time;
  if (!(age >= 0 && age < lifetime)) return null;
  const paths = Object.keys(note.stamps);
  const now = await stampsOf(paths);
  return paths.every((path) => now[path] === note.stamps[path]) ? note : null;
}

/**
 * Notes in the user's cache what trying every device found. Where the cache
 * cannot be written, nothing is noted, and the next start tries them again.
 *
 * @param comparison What was found.
 * @param stamps What {@linkcode stampDevice} gave before each was tried.
 * @param precision What is computed with.
 */
export async function rememberDevices(
  { measured, absent }: Comparison,
  stamps: Readonly<Record<string, string>>,
  precision?: Precision,
): Promise<void> {
  const place = await placeOf(precision);
  if (!place) return;
  const { setup, folder, path } = place;
  const time = Date.now();
  const note: Note = {
    program,
    setup,
    time,
    stamps,
    measured: measured.map(({ name, gflops, version, hardware }) => ({
      name,
      gflops,
      version,
      hardware,
    })),
    absent,
  };
  try {
    await makeFolder(folder);
    await writeFile(path, JSON.stringify(note), "note");
  } catch (cause) {
    if (!(cause instanceof FileError)) throw cause;
  }
}

/**
 * What a device follows from is like now, so that a change of it is seen.
 *
 * @param driver The device's driver.
 * @returns Stamps by path; null where the program may not look.
 */
export async function stampDevice(
  driver: DeviceDriver,
): Promise<Readonly<Record<string, string>> | null> {
  try {
    return await stampsOf(await driver.traces?.() ?? []);
  } catch (cause) {
    if (isOutOfReach(cause)) return null;
    throw cause;
  }
}

/** Whether the program lacks a permission, or the environment names no cache. */
export function isOutOfReach(cause: unknown): cause is Error {
  return cause instanceof Deno.errors.NotCapable || cause instanceof FileError;
}

async function stampsOf(
  paths: readonly string[],
): Promise<Record<string, string>> {
  const stamped = paths.map(async (path) =>
    [path, await stampOf(path)] as const
  );
  return Object.fromEntries(await Promise.all(stamped));
}

async function stampOf(path: string): Promise<string> {
  let info: Deno.FileInfo | null;
  try {
    info = await infoOf(path);
  } catch {
    // What may not be seen now and may be later has changed.
    return "not to be seen";
  }
  if (info === null) return "nothing";
  const { isDirectory, size, mtime, ctime, ino, dev } = info;
  const times = [mtime, ctime].map((time) => time?.getTime() ?? null);
  // A file system is free to say how large a folder is.
  return JSON.stringify([isDirectory ? "folder" : size, ...times, ino, dev]);
}

interface Place {
  readonly setup: string;
  readonly folder: string;
  readonly path: string;
}

/** Where the note of this machine and setup lies; null where none may be. */
async function placeOf(
  precision: Precision | undefined,
): Promise<Place | null> {
  try {
    const setup = JSON.stringify({
      processor: describeProcessor(),
      variables: variables.map((name) => Deno.env.get(name) ?? null),
      paths: pathVariables.map((name) => {
        const path = Deno.env.get(name);
        return path ? resolve(path) : null;
      }),
      precision: precision ?? firstPrecision,
    });
    // A home that many machines share has a note for each kind of them.
    const bytes = new TextEncoder().encode(setup);
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    const folder = cacheFolder("devices", "measured");
    const path = join(folder, `${hash.toHex().slice(0, 16)}.json`);
    return { setup, folder, path };
  } catch (cause) {
    if (isOutOfReach(cause)) return null;
    throw cause;
  }
}

async function readNote(path: string): Promise<Note | null> {
  try {
    const { size } = await Deno.stat(path);
    if (size > largestNote) return null;
    const note = parseJson(await Deno.readTextFile(path));
    return isNote(note) ? note : null;
  } catch {
    // Whatever is wrong with the note, the devices are tried then.
    return null;
  }
}

function isNote(value: unknown): value is Note {
  if (!isRecord(value)) return false;
  const { program, setup, time, stamps, measured, absent } = value;
  if (typeof program !== "string" || typeof setup !== "string") return false;
  if (typeof time !== "number" || !isRecord(stamps)) return false;
  if (!Array.isArray(measured) || !Array.isArray(absent)) return false;
  const names = [...measured, ...absent].map((each) => each?.name);
  // Each device once, so that none is left out of the choice.
  return Object.values(stamps).every((stamp) => typeof stamp === "string") &&
    measured.length > 0 && measured.every(isMeasured) &&
    absent.every(({ reason }) => typeof reason === "string") &&
    `${names.toSorted()}` === `${devices.toSorted()}`;
}

function isMeasured(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { gflops, version, hardware } = value;
  return typeof gflops === "number" && gflops > 0 && gflops < Infinity &&
    typeof version === "string" && typeof hardware === "string";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
