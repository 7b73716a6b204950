import type {
  ImageLook,
  SegmentedChoices,
  SegmenterChoices,
} from "@unet/app/segmenter";
import type { Image } from "@unet/data";
import type { DeviceFacts } from "@unet/device";
import type { PackedError } from "@unet/errors/packed-error";
import type { SegmentedFile } from "@unet/infer";
import type { PredictedHead } from "@unet/infer/predict";
import type { Input } from "@unet/task";

/** What is asked of the thread that computes. */
export type ComputeWork =
  | {
    readonly type: "open";
    readonly choices: SegmenterChoices;
  }
  | {
    readonly type: "look" | "segment";
    readonly path: string;
    readonly choices: SegmentedChoices;
  }
  | {
    readonly type: "infer";
    readonly images: readonly Image[];
    /** The heads that are wanted. */
    readonly heads: readonly string[];
    /** Whether labels are wanted, too. */
    readonly hasLabels: boolean;
    readonly choices: SegmentedChoices;
  }
  | { readonly type: "close" };

/** That, with a number; or to give up what has that number. */
export type ComputeRequest =
  & (ComputeWork | { readonly type: "cancel" })
  & { readonly id: number };

/** A model that is open. */
export interface ModelFacts {
  /** What computes. */
  readonly device: DeviceFacts;
  /** What the network takes. */
  readonly input: Input;
  /** What it predicts. */
  readonly heads: readonly PredictedHead[];
  /** What is found with it. */
  readonly finding: "objects" | "classes";
}

/** What a network says of images, put together. */
export interface InferredValues {
  /** The values of each head that was wanted, laid out as `[N, H, W, C]`. */
  readonly heads: Readonly<Record<string, Float32Array<ArrayBuffer>>>;
  /** The labels, laid out as `[N, H, W]`. */
  readonly labels?: Int32Array<ArrayBuffer>;
}

/** What each work comes to. */
export interface ComputeResults {
  /** The model is open. */
  readonly open: ModelFacts;
  /** What is known of an image. */
  readonly look: ImageLook;
  /** What became of an image. */
  readonly segment: SegmentedFile;
  /** What the network says. */
  readonly infer: InferredValues;
  /** The model is closed. */
  readonly close: null;
}

/** What the thread answers. */
export type ComputeReply =
  & { readonly id: number }
  & (
    | { readonly result: ComputeResults[keyof ComputeResults] }
    | { readonly error: PackedError }
  );
