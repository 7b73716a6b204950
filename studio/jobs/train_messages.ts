import type { TrainSettings } from "@unet/app";
import type { EpochRow } from "@unet/train";

/** What the worker of a training is asked to do. */
export type TrainRequest =
  | { readonly type: "train"; readonly settings: TrainSettings }
  | { readonly type: "stop" };

/** What an epoch measured, as the page shows it. */
export type ShownRow = Pick<
  EpochRow,
  "epoch" | "loss" | "validationLoss" | "f1" | "seconds"
>;

/** What it reports. */
export type TrainReport =
  | { readonly type: "reading"; readonly done: number; readonly total: number }
  | { readonly type: "device"; readonly device: string }
  | {
    readonly type: "start";
    readonly images: { readonly train: number; readonly validation: number };
    readonly epochs: number;
    readonly rows: readonly ShownRow[];
    /** Epochs finished, and the share of the one under way. */
    readonly done: number;
  }
  | {
    readonly type: "step";
    readonly loss: number;
    /** Epochs finished, and the share of the one under way. */
    readonly done: number;
    /** Seconds until all epochs are made, at the latest. */
    readonly secondsLeft: number;
  }
  | { readonly type: "epoch"; readonly row: ShownRow }
  | { readonly type: "note"; readonly line: string }
  | {
    readonly type: "fault";
    readonly message: string;
    /** The stack of a defect of the program. */
    readonly defect?: string;
  }
  | {
    readonly type: "end";
    /** Whether the training is over, and does not continue. */
    readonly isOver: boolean;
  };
