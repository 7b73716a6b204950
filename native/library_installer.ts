/** The current stage of an installation, and how far it is. */
export interface InstallProgress {
  /** What is being done. */
  readonly stage: "waiting" | "downloading" | "checking" | "unpacking";
  /** Bytes that are there, while downloading. */
  readonly bytes: number;
}

/** The steps that an installer may use. */
export interface InstallSteps {
  /** Called with the progress. */
  readonly onProgress: (progress: InstallProgress) => void;
  /** Ends it when aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** The name of the library in messages. */
export interface LibrarySubject {
  /** A device's library, or one that reads files. */
  readonly kind: "device" | "library";
  /** Its name, as in "openslide". */
  readonly name: string;
}

/** How to install one native library. */
export interface LibraryInstaller extends LibrarySubject {
  /** What is fetched, for people, as in "oneDNN 3.1". */
  readonly title: string;
  /** How many bytes are fetched. */
  readonly bytes: number;
  /** The name of its folder among those of its kind in the cache. */
  readonly folder: string;
  /** Whether the library is found already, wherever it lies. */
  isFound(): Promise<boolean>;
  /** Whether a folder holds everything that {@linkcode fill} puts there. */
  isComplete(folder: string): Promise<boolean>;
  /** Why it cannot be installed here, and what to do; null if it can. */
  obstacle(): Promise<string | null>;
  /**
   * Fetches everything into an empty folder, which appears in its place once
   * this is done.
   *
   * @throws {DeviceError} If it cannot be fetched.
   */
  fill(folder: string, steps: InstallSteps): Promise<void>;
}
