import { assertEquals } from "@std/assert";
import { completeTrainSettings } from "./complete_train_settings.ts";
import { enoughToHoldOut, suitImages } from "./hold_out.ts";
import type { TrainChoices } from "./train_settings.ts";

/** Validation and patience of a training on so many images. */
async function judgedBy(
  images: number,
  choices: TrainChoices,
): Promise<[validation: number | null, isPatient: boolean]> {
  const settings = await completeTrainSettings({ data: "cells", ...choices });
  const { validation, patience } = suitImages(settings, images);
  return [validation, patience !== null];
}

const finetune = { recipe: "finetune", weights: "nuclei" } as const;

Deno.test("suitImages() holds images out in fine-tuning only where there are enough", async () => {
  assertEquals(await judgedBy(3, finetune), [0, false]);
  assertEquals(await judgedBy(enoughToHoldOut - 1, finetune), [0, false]);
  assertEquals(await judgedBy(enoughToHoldOut, finetune), [0.2, true]);
});

Deno.test("suitImages() leaves the user's settings, and what other recipes do", async () => {
  const half = { ...finetune, validation: 0.5 };
  assertEquals(await judgedBy(3, half), [0.5, true]);
  assertEquals(await judgedBy(3, { ...finetune, patience: 2 }), [0.2, true]);
  assertEquals(await judgedBy(99, { ...finetune, validation: 0 }), [0, false]);
  assertEquals(await judgedBy(3, {}), [0.2, false]);
});
