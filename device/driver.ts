import type {
  DeviceName,
  DeviceThreads,
  DeviceTrace,
  Precision,
} from "./device.ts";

/**
 * The export of a folder `device/<name>/`: starts one device. A new device is
 * such a folder and one entry in `devices.ts`.
 */
export interface DeviceDriver {
  /** The device's name, which is also that of its tfjs backend. */
  readonly name: DeviceName;
  /** What it can compute with, the default first. */
  readonly precisions: readonly Precision[];
  /**
   * Whether a library is called that may hang. `auto` tries such a device in
   * a worker first; the library must bear being loaded by a thread that ends.
   */
  readonly isNative?: boolean;
  /**
   * Looks for what the device needs, without starting it.
   *
   * @returns Why it cannot be started here, or null if nothing speaks
   * against trying.
   */
  probe(): Promise<string | null>;
  /**
   * Looks whether `auto` may take the device; left out where it always may.
   *
   * @returns Why the device is opened by its name alone, or null.
   */
  whyNotByItself?(): Promise<string | null>;
  /**
   * Names what its answers follow from besides the processor and settings;
   * left out where they follow from nothing else.
   *
   * @returns Paths of files and folders: when one of them changes, appears or
   * goes, what was measured of the device no longer counts.
   */
  traces?(): Promise<readonly string[]>;
  /**
   * Starts the tfjs backend of the device's name, with every kernel that the
   * device has, and leaves the choice of the current backend to the caller.
   *
   * @throws If it cannot be started; nothing of it is left then.
   */
  start(precision: Precision): Promise<StartedDevice>;
}

/** A device that runs. */
export interface StartedDevice {
  /** The library that computes, and its version. */
  readonly version: string;
  /** What it computes on. */
  readonly hardware: string;
  /** Counts what is computed, if the device can. */
  readonly trace?: DeviceTrace;
  /** The threads that it computes with, if it can compute with fewer. */
  readonly threads?: DeviceThreads;
  /** Stops the backend and gives back its memory, with all tensors on it. */
  stop(): void | Promise<void>;
}
