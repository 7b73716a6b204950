import type { MaskToMeasure } from "@unet/app/measure-folder";
import type { ObjectSettings } from "@unet/app/object-options";
import type { ImageChoice } from "@unet/data";
import type { MaskMark } from "../folder/image_states.ts";

/** An image of a job. */
export interface JobImage {
  /** What the page calls it. */
  readonly name: string;
  /** The studio's folder. */
  readonly root: string;
  /** Its file. */
  readonly path: string;
  /** Where its prediction is kept. */
  readonly folder: string;
  /** The file of its mask. */
  readonly mask: string;
  /** How that was when the job began; null where there was none. */
  readonly before: MaskMark | null;
}

/** A model whose objects are compared with another's. */
export interface ComparedModel {
  /** The model. */
  readonly model: string;
  /** Where its prediction of the image is kept. */
  readonly folder: string;
}

/** What the worker is asked to do. */
export type JobRequest =
  | {
    readonly type: "predict";
    readonly images: readonly JobImage[];
    readonly model: string;
    /** That of the images' objects in pixels; null as the model needs it. */
    readonly diameter: number | "auto" | "off" | null;
    /** Which part of the files the network sees; the card's where empty. */
    readonly reading: ImageChoice;
    /** What is an object; null for what the model's card says. */
    readonly settings: ObjectSettings | null;
  }
  | {
    readonly type: "save";
    readonly images: readonly JobImage[];
    readonly settings: ObjectSettings;
  }
  | {
    readonly type: "compare";
    readonly name: string;
    /** The image's file. */
    readonly path: string;
    readonly models: readonly ComparedModel[];
  }
  | {
    readonly type: "measure";
    readonly images: readonly MaskToMeasure[];
    /** The table to write. */
    readonly table: string;
    /** The page to write. */
    readonly page: string;
    /** What the page is about. */
    readonly title: string;
  }
  | { readonly type: "cancel" };

/** What the worker reports. */
export type JobReport =
  | { readonly type: "device"; readonly device: string }
  | { readonly type: "progress"; readonly name: string; readonly share: number }
  | {
    readonly type: "image";
    readonly name: string;
    readonly objects: number;
    /** How unsure the network is of it: bits per pixel, 0…1. */
    readonly doubt: number;
    readonly mask: MaskMark;
    readonly model: string;
    readonly reading: ImageChoice;
    readonly settings: ObjectSettings;
  }
  | { readonly type: "compared" | "measured" }
  | {
    readonly type: "fault";
    /** The image; null where all of them are concerned. */
    readonly name: string | null;
    readonly message: string;
    /** The stack of a defect of the program. */
    readonly defect?: string;
  }
  | { readonly type: "end"; readonly isCanceled: boolean };
