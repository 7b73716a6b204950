import type { ViewChoice } from "@unet/app/view";
import type { Labels } from "@unet/data";
import type { ObjectFormat } from "@unet/infer/write-objects";
import type { ObjectFilter } from "./object_filter.ts";

/** What the worker is asked to measure. */
export interface MeasureRequest {
  /** Names the request in its answer. */
  readonly id: number;
  /** The image's file. */
  readonly path: string;
  /** Names the state of that file. */
  readonly version: string;
  /** The plane and time point in which objects are measured. */
  readonly choice: ViewChoice;
  /** The mask: its file, or labels that are in memory. */
  readonly mask: string | Labels;
  /** The names of all classes, without the background. */
  readonly classNames: readonly string[];
  /** The class of each object that has one. */
  readonly classes: ReadonlyMap<number, string>;
  /** Where a prediction is kept that gives objects' probabilities, or null. */
  readonly kept: string | null;
  /** The threshold by which the mask was found; null if a person changed it. */
  readonly threshold: number | null;
  /** A file to write; null for the table. */
  readonly file: MeasuredFile | null;
}

/** A file of measured objects. */
export interface MeasuredFile {
  /** Where it is written. */
  readonly path: string;
  /** What it is. */
  readonly format: ObjectFormat;
  /** What it calls the image. */
  readonly name: string;
  /** Which objects are in it. */
  readonly filter: ObjectFilter;
  /** Where the image lies in a larger one, in which GeoJSON has its objects. */
  readonly offset?: { readonly x: number; readonly y: number };
}

/** What the worker measured. */
export interface MeasuredColumns {
  /** The names of the columns. */
  readonly columns: readonly string[];
  /** The classes, the background first, which the column `class` numbers. */
  readonly classes: readonly string[] | null;
  /** How many objects there are. */
  readonly rows: number;
  /** Whether the size of a pixel is known. */
  readonly hasMicrometers: boolean;
  /** The columns, one after the other; empty where a file was written. */
  readonly values: Float64Array<ArrayBuffer>;
}

/** How far the worker is. */
export interface MeasureProgress {
  /** Objects that are measured. */
  readonly done: number;
  /** Objects that are to be measured: those that changed. */
  readonly total: number;
}

/** What the worker answers. */
export type MeasureAnswer =
  & { readonly id: number }
  & (
    | { readonly measured: MeasuredColumns }
    | {
      /** What went wrong, for the person; null for a defect. */
      readonly fault: string | null;
      /** The stack of a defect of the program. */
      readonly defect?: string;
    }
    | { readonly progress: MeasureProgress }
  );
