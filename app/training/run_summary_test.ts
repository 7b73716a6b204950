import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { TrainingError } from "@unet/errors";
import { readRunSummary } from "./run_summary.ts";
import { train } from "./train.ts";

Deno.test("readRunSummary() says where a training stands: before its first step, and at its end", async () => {
  const folder = await Deno.makeTempDir(), out = join(folder, "run");
  const choices = {
    ...{ out, width: 0.05, tile: 32, epochs: 1, tilesPerEpoch: 8 },
    ...{ device: "wasm", workers: 0 },
  };
  const atStart: unknown[] = [];
  await train(choices, {
    async onStart() {
      const { end, hasModel, state } = await readRunSummary(out);
      atStart.push(end, hasModel, state.epoch);
    },
  });
  assertEquals(atStart, [null, false, 0]);
  const summary = await readRunSummary(out);
  assertEquals(
    [summary.end, summary.epochs, summary.hasModel, summary.weights],
    ["epochs", 1, true, null],
  );
  assertEquals([summary.state.epoch, summary.holdsNoneOut], [1, false]);
  await Deno.writeTextFile(join(out, "config.json"), "{");
  await assertRejects(() => readRunSummary(out), TrainingError);
  await Deno.remove(folder, { recursive: true });
});
