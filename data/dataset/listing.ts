import type { DatasetFile } from "./dataset_file.ts";
import type { Fault } from "./fault.ts";

/** The files of a folder or a zip. */
export interface Listing {
  /** Those that can be read. */
  readonly files: readonly DatasetFile[];
  /** What is wrong with others. */
  readonly faults: readonly Fault[];
  /** Ends reading. */
  close(): void;
}
