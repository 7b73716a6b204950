import type { Step } from "./step.ts";

/** A file that a description names. */
export interface FileReference {
  /** Its path in the package. */
  readonly source: string;
  /** The checksum of its bytes, where the description has it. */
  readonly sha256?: string;
}

/** Heights or widths that a network takes. */
export interface SideRule {
  /** The smallest. */
  readonly least: number;
  /** What may be added to it, any number of times; 0 where it is the only one. */
  readonly step: number;
}

/** The description of a model that takes and returns images. */
export interface PackageDescription {
  /** Its name. */
  readonly name: string;
  /** The network as ONNX. */
  readonly weights: FileReference;
  /** This program's own file of the model, where it wrote the package. */
  readonly own?: FileReference;
  /** What goes in. */
  readonly input: {
    readonly channels: number;
    /** Names of the channels, where they are given. */
    readonly names?: readonly string[];
    readonly height: SideRule;
    readonly width: SideRule;
    readonly steps: readonly Step[];
    readonly test?: FileReference;
  };
  /** What comes out. */
  readonly output: {
    /** How many channels, where that is given. */
    readonly channels?: number;
    readonly names?: readonly string[];
    /** Pixels on each side of the input that it lacks. */
    readonly margin: number;
    /** Pixels on each side that are not to be trusted, where it is cut. */
    readonly halo: number;
    readonly steps: readonly Step[];
    readonly test?: FileReference;
  };
}
