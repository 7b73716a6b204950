import { assertEquals } from "@std/assert";
import { readFlags } from "./flags.ts";
import { cardOf } from "./model_card.ts";
import { train } from "./train.ts";
import { settingsOf } from "./train_settings.ts";

const data = { images: 3, fingerprint: "0123456789abcdef" };

async function cardFor(...args: string[]): Promise<Record<string, unknown>> {
  const table = train.groups.flatMap(({ flags }) => flags);
  const flags = readFlags("train", table, ["--data", "cells", ...args]);
  return cardOf(await settingsOf(flags), data, null);
}

Deno.test("cardOf() says which part of image files was read, where that was chosen", async () => {
  const plain = await cardFor();
  assertEquals(Object.keys(plain).includes("reading"), false);
  const { reading, ...rest } = await cardFor(
    "--channel",
    "DAPI",
    "--time",
    "0",
  );
  assertEquals(reading, { channel: "DAPI", time: 0 });
  // All else is the same card, byte for byte.
  assertEquals(JSON.stringify(rest), JSON.stringify(plain));
});
