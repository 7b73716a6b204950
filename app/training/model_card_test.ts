import { assertEquals } from "@std/assert";
import { cardOf } from "./model_card.ts";
import { completeTrainSettings } from "../settings/complete_train_settings.ts";
import type { TrainChoices } from "../settings/train_settings.ts";

const data = { images: 3, fingerprint: "0123456789abcdef" };

async function cardFor(
  choices: TrainChoices = {},
): Promise<Record<string, unknown>> {
  const settings = await completeTrainSettings({ data: "cells", ...choices });
  return cardOf(settings, data, { startsFrom: null });
}

Deno.test("cardOf() says which part of image files was read, where that was chosen", async () => {
  const plain = await cardFor();
  assertEquals(Object.keys(plain).includes("reading"), false);
  const { reading, ...rest } = await cardFor({
    channel: "DAPI",
    time: 0,
  });
  assertEquals(reading, { channel: "DAPI", time: 0 });
  // All else is the same card, byte for byte.
  assertEquals(JSON.stringify(rest), JSON.stringify(plain));
});

Deno.test("cardOf() holds the diameters of the objects that were trained on, where they were measured", async () => {
  const settings = await completeTrainSettings({ data: "cells" });
  const diameters = { low: 9, median: 21.5, high: 64 };
  const card = cardOf(settings, data, { startsFrom: null, diameters });
  assertEquals(card.diameters, diameters);
  assertEquals("diameters" in await cardFor(), false);
});
