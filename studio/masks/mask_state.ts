import type { PixelSize, Rectangle } from "@unet/data";
import type { MaskMark } from "../folder/image_states.ts";
import type { ClassPlace } from "../folder/class_table.ts";
import type { Operation } from "./operation.ts";

/** Where a mask is and what it belongs to. */
export interface MaskPlace {
  /** The image's name, for messages. */
  readonly name: string;
  /** The mask's file, which need not be there. */
  readonly path: string;
  /** The log of its edits. */
  readonly log: string;
  /** Where the classes of its objects are. */
  readonly classes: ClassPlace;
  /** Pixels per row of the image. */
  readonly width: number;
  /** Its rows. */
  readonly height: number;
  /** How large a pixel is. */
  readonly pixelSize?: PixelSize | undefined;
}

/** How a mask's file is once it holds all edits. */
export interface SavedMask {
  /** The file; null where there is none, as before the first edit. */
  readonly mark: MaskMark | null;
  /** How many objects it has. */
  readonly objects: number;
  /** Whether it holds what it held when it was another one. */
  isAs(before: MaskMark): boolean;
}

/** Who hears of a mask. */
export interface MaskEvents {
  /** The file holds all edits now. */
  readonly onSaved: (saved: SavedMask) => Promise<void>;
  /** The file could not be written. */
  readonly onFault: (error: unknown) => void;
}

/** A mask that is edited, as the page knows it. */
export interface MaskState {
  /** Names these labels and all that are made of them by edits. */
  readonly mask: string;
  /** The number of the last edit. */
  readonly edit: number;
  /** How many objects there are. */
  readonly objects: number;
  /** The classes of the data set, and how many objects here have each. */
  readonly classes: readonly {
    readonly name: string;
    readonly objects: number;
  }[];
  /** Whether an edit can be taken back. */
  readonly canUndo: boolean;
  /** Whether an edit can be made again. */
  readonly canRedo: boolean;
  /** What a person should know of how the file was read. */
  readonly note?: string;
}

/** What an edit came to. */
export interface EditAnswer extends MaskState {
  /** Where labels changed; null where none did. */
  readonly changed: Rectangle | null;
  /** Objects that have another class now, and which; "" for none. */
  readonly reclassed?: readonly (readonly [object: number, name: string])[];
}

/** What is to be done to a mask. */
export type MaskEdit =
  | Operation
  | { readonly tool: "undo" }
  | { readonly tool: "redo" };

/** How a mask was when it was closed. */
export interface ClosedMask {
  /** What names its labels. */
  readonly id: string;
  /** The number of its last edit. */
  readonly edit: number;
  /** How its file was; null where there was none. */
  readonly file: MaskMark | null;
  /** How its log was; null where there was none. */
  readonly log: MaskMark | null;
}

/** Why an edit did nothing. */
export interface Refusal {
  readonly note: string;
}
