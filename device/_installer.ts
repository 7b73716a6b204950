import type { DeviceName } from "./device.ts";

/** What an installation is at, and how far. */
export interface InstallProgress {
  /** What goes on. */
  readonly stage: "waiting" | "downloading" | "checking" | "unpacking";
  /** Bytes that are there, while downloading. */
  readonly bytes: number;
}

/** What an installer may use. */
export interface InstallSteps {
  /** Told how it goes. */
  readonly onProgress: (progress: InstallProgress) => void;
  /** Ends it when aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** How to get what one device needs; an entry of the table in `_installers.ts`. */
export interface DeviceInstaller {
  /** The device. */
  readonly name: DeviceName;
  /** What is fetched, for people, as in "oneDNN 3.1". */
  readonly title: string;
  /** How many bytes are fetched. */
  readonly bytes: number;
  /** The name of its folder among the devices in the cache. */
  readonly folder: string;
  /** Whether the device's driver finds what it needs, from wherever. */
  isFound(): Promise<boolean>;
  /** Whether a folder holds all that {@linkcode fill} puts there. */
  isComplete(folder: string): Promise<boolean>;
  /** Why it cannot be had here, and what to do; null if it can. */
  obstacle(): Promise<string | null>;
  /**
   * Fetches everything into an empty folder, which appears in its place once
   * this is done.
   *
   * @throws {DeviceError} If it cannot be had.
   */
  fill(folder: string, steps: InstallSteps): Promise<void>;
}
