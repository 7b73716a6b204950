import type { DoneEvent } from "./manifest_event.ts";
import type { Stamp } from "./source.ts";

/** A file of a batch, and what will be made of it. */
export interface BatchFile {
  /** Its path below the folder that was given, with "/"; unique in the batch. */
  readonly name: string;
  /** Its path as the person gave it. */
  readonly input: string;
  /** The outputs' paths below the output folder, with "/". */
  readonly outputs: readonly string[];
}

/** Whether a file is to be segmented. */
export type Verdict =
  | {
    /** It was, with the same content, setup and outputs. */
    readonly done: true;
    /** What was told of it then. */
    readonly record: DoneEvent;
    /** Outputs that somebody changed since, by their size; they stay so. */
    readonly changed: readonly string[];
  }
  | {
    /** It was not. */
    readonly done: false;
    /** What it is like now; handed back to `finish()`. */
    readonly stamp: Stamp;
    /** Its hash, where it had to be known. */
    readonly hash?: string;
  };

/** What `finish()` is told of a file. */
export interface Finished {
  /** What the file was like when it was read. */
  readonly stamp: Stamp;
  /** The SHA-256 of its bytes, in hexadecimal. */
  readonly hash: string;
  /** What was counted, by name, as in pixels and nuclei. */
  readonly counts: Readonly<Record<string, number>>;
  /** Seconds that it took. */
  readonly seconds: number;
}
