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
  /** How outputs are written, where there are several ways, by their path. */
  readonly kinds?: Readonly<Record<string, string>>;
}

/** Whether a file is to be segmented. */
export type Verdict =
  | {
    /** It was, with the same content and setup, and all outputs are there. */
    readonly done: true;
    /** What was reported of it then, with the times that files have now. */
    readonly record: DoneEvent;
    /** Whether files have other times than were reported. */
    readonly isTouched: boolean;
    /** Outputs that somebody changed since, by their size; they stay so. */
    readonly changed: readonly string[];
    /** Outputs that were written in another way than asked for; they stay. */
    readonly otherKind: readonly string[];
  }
  | {
    /** It was not, or outputs are missing. */
    readonly done: false;
    /** What it is like now; handed back to `finish()`. */
    readonly stamp: Stamp;
    /** Its hash, where it had to be known. */
    readonly hash?: string;
    /** The outputs that are to be written; the others stay as they are. */
    readonly missing: readonly string[];
    /**
     * How it was finished with the same content and setup, where it was; its
     * outputs are there, but for those that are missing.
     */
    readonly record?: DoneEvent;
    /** Outputs that were written in another way than asked for; they stay. */
    readonly otherKind: readonly string[];
    /**
     * Outputs of another content or setup that are not asked for and stay,
     * where all is done anew.
     */
    readonly stale: readonly string[];
  };

/** The facts about a file that `finish()` takes. */
export interface Finished extends
  Pick<
    DoneEvent,
    | "hash"
    | "others"
    | "counts"
    | "sizes"
    | "classes"
    | "objectClasses"
    | "pixelSize"
    | "imageScale"
    | "seconds"
  > {
  /** What the file was like when it was read. */
  readonly stamp: Stamp;
}
