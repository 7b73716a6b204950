import type { PredictionInfo } from "@unet/app/kept-prediction";
import type { ReadingChoices } from "@unet/app/plan-prediction";

/** A file that is sent to a thread, which reads what it needs of it. */
export interface SentFile {
  /** What messages call it. */
  readonly path: string;
  /** Its name within its folder. */
  readonly name: string;
  /** The folder that it was given in. */
  readonly folder: string;
  /** Its bytes. */
  readonly content: Blob;
}

/** What the thread of the network is asked. */
export type NetworkRequest =
  | {
    readonly type: "predict";
    /** Names the image in answers. */
    readonly name: string;
    /** Its file, first, and those beside it. */
    readonly files: readonly SentFile[];
    /** The model's name. */
    readonly model: string;
    /** The model's file. */
    readonly weights: Blob;
    /** Names this file among all of this page. */
    readonly version: number;
    /** Which part of the file is read. */
    readonly reading: ReadingChoices;
    /** The median diameter of objects, where a person decides it. */
    readonly diameter: number | "auto" | "off" | null;
  }
  | { readonly type: "cancel" };

/** What it answers. */
export type NetworkReport =
  | { readonly type: "device"; readonly device: string }
  | { readonly type: "progress"; readonly share: number }
  | {
    readonly type: "image";
    readonly info: PredictionInfo;
    /** Instance numbers, row by row. */
    readonly labels: Uint32Array<ArrayBuffer>;
    /** How many there are. */
    readonly objects: number;
    /** The mean probability of each object is over these. */
    readonly object: Float32Array<ArrayBuffer>;
  }
  | {
    readonly type: "fault";
    readonly message: string;
    readonly isCanceled: boolean;
  };
