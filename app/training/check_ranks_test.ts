import { assertEquals, assertRejects } from "@std/assert";
import { TrainingError } from "@unet/errors";
import { type Communicator, singleProcess } from "@unet/train";
import { completeTrainSettings } from "../settings/complete_train_settings.ts";
import { checkRanks, type RankInputs } from "./check_ranks.ts";

const inputs: RankInputs = {
  fingerprint: "1f",
  split: { train: ["a", "b"], validation: ["c"], test: [] },
  settings: await completeTrainSettings({ data: "cells", out: "run" }),
  device: "wasm",
};

/** What each of some ranks says to these inputs. */
async function check(ranks: readonly RankInputs[]): Promise<string[]> {
  const sent: Uint8Array[] = [];
  const all = Promise.withResolvers<readonly Uint8Array[]>();
  return await Promise.all(ranks.map(async (own, rank) => {
    const communicator: Communicator = {
      ...{ ...singleProcess, rank, size: ranks.length },
      gather(bytes) {
        sent[rank] = bytes;
        if (Object.keys(sent).length === ranks.length) all.resolve(sent);
        return all.promise;
      },
    };
    const checked = checkRanks(communicator, own);
    try {
      await checked;
      return "";
    } catch (error) {
      await assertRejects(() => checked, TrainingError);
      return (error as Error).message;
    }
  }));
}

Deno.test("checkRanks() lets ranks train that have the same images, split, settings and device", async () => {
  assertEquals(await check([inputs, inputs, inputs]), ["", "", ""]);
});

const differences: readonly (readonly [string, Partial<RankInputs>])[] = [
  ["other images", { fingerprint: "2e" }],
  ["another split", {
    split: { ...inputs.split, train: ["a"], validation: ["b", "c"] },
  }],
  ["other settings", { settings: { ...inputs.settings, seed: 1 } }],
  ["another device", { device: "onednn" }],
];

for (const [found, other] of differences) {
  Deno.test(`checkRanks() names the rank that has ${found}, on all ranks`, async () => {
    const message =
      `Cannot train on rank "1": found ${found} than on rank 0, ` +
      "expected the same on all ranks; give all machines the same files, as " +
      "on a shared disk";
    const messages = await check([inputs, { ...inputs, ...other }, inputs]);
    assertEquals(messages, [message, message, message]);
  });
}
