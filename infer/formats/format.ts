import type { ImageChoice, PixelSize } from "@unet/data";
import type { Instance } from "../instances/instance.ts";
import type { ClassArea } from "../outputs/class_areas.ts";
import type { StackShape } from "../outputs/stack_shape.ts";
import type { Measurement } from "../outputs/measure_instance.ts";
import type { OverlayStyle } from "../outputs/overlay_rows.ts";
import type { Band } from "../windows/band.ts";
import type { ClassHead } from "../windows/class_head.ts";

/**
 * The parts of a result that outputs take; each comes in pieces, from the top
 * down.
 */
export interface Parts {
  /** Rows of what the network predicts, by head. */
  readonly band: Band;
  /** Rows of the mask: 255 on objects, 0 elsewhere. */
  readonly mask: Uint8Array;
  /** Rows of instance numbers, 0 on the background. */
  readonly labels: Uint32Array;
  /** Rows of the image with outlines drawn on it, 8-bit RGB. */
  readonly drawing: Uint8Array;
  /** Rows of class numbers, 0 on the background. */
  readonly classMap: Uint8Array;
  /** The area of each class, once, when all rows have come. */
  readonly classAreas: readonly ClassArea[];
  /** Instances, or regions of classes, as soon as they are complete. */
  readonly instances: readonly Instance[];
  /** The same, with their measurements. */
  readonly measured: MeasuredInstances;
}

/** The name of a part. */
export type Part = keyof Parts;

/** Instances and their measurements, in the same order. */
export interface MeasuredInstances {
  /** The instances. */
  readonly instances: readonly Instance[];
  /** One per instance. */
  readonly measurements: readonly Measurement[];
}

/** How outputs look; none of it decides which objects are found. */
export interface OutputStyle {
  /** What drawings show. */
  readonly style: OverlayStyle;
  /** Whether TIFFs get smaller levels, and overlays are TIFFs. */
  readonly pyramid: boolean;
}

/** The image that an output is made of. */
export interface OutputImage extends OutputStyle {
  /** The name of its file. */
  readonly name: string;
  /** The path of its file, for formats that follow what else it says. */
  readonly path?: string;
  /** The plane, time point and level of the file that it is; the first ones by default. */
  readonly part?: Pick<ImageChoice, "plane" | "time" | "level">;
  /** Pixels per row. */
  readonly width: number;
  /** Rows. */
  readonly height: number;
  /** How large a pixel is, where that is known. */
  readonly pixelSize?: PixelSize;
  /** The channels that instances are measured in. */
  readonly channels: readonly string[];
  /** The network's head of classes, where it has one. */
  readonly classHead?: ClassHead;
  /**
   * Its planes, where it is a stack: rows and instances come plane after plane,
   * instances with their place.
   */
  readonly stack?: StackShape;
}

/** An output that is being written. Without `finish()`, nothing of it stays. */
export interface PartWriter<Piece> extends AsyncDisposable {
  /** Adds the next piece. */
  write(piece: Piece): Promise<void>;
  /** Completes the file and gives it its name. */
  finish(): Promise<void>;
}

/** An output format, made of one part. */
export interface Format<Of extends Part> {
  /** What it holds, in a few words, for help. */
  readonly help: string;
  /** What follows the image's name without its own ending, as in `_labels.tif`. */
  readonly ending: string;
  /** The ending where outputs have a pyramid or planes, if another one. */
  readonly pyramidEnding?: string;
  /** The folder below the output folder; the output folder itself by default. */
  readonly folder?: string;
  /** The part that it is made of. */
  readonly takes: Of;
  /** Whether reading its file gives back exactly what was written. */
  readonly isReadable?: boolean;
  /** Whether its file holds all planes of a stack. */
  readonly holdsStacks?: boolean;
  /** The options that change its file. */
  readonly options?: readonly (keyof OutputStyle)[];
  /**
   * Begins a file.
   *
   * @throws {FileError} If it cannot be made.
   */
  open(path: string, image: OutputImage): Promise<PartWriter<Parts[Of]>>;
}

/** A format, whichever part it is made of. */
export type AnyFormat = { readonly [Of in Part]: Format<Of> }[Part];
