import { assertAlmostEquals, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { LabelTiff } from "@unet/infer/outputs";
import { type MaskScores, scoreMask } from "./score_mask.ts";

/** Scores rows of labels against others. */
async function scoresOf(
  ...masks: readonly (readonly (readonly number[])[])[]
): Promise<MaskScores | null> {
  const folder = await Deno.makeTempDir();
  const paths = masks.map((_, at) => join(folder, `${at}.tif`));
  for (const [at, rows] of masks.entries()) {
    const size = { width: rows[0]!.length, height: rows.length };
    await using tiff = await LabelTiff.open(paths[at]!, size);
    await tiff.writeRows(Uint32Array.from(rows.flat()));
    await tiff.finish();
  }
  const scores = await scoreMask(paths[0]!, paths[1]!);
  await Deno.remove(folder, { recursive: true });
  return scores;
}

Deno.test("scoreMask() counts pixels and objects, as by hand", async () => {
  const truth = [[1, 1, 0, 2], [1, 1, 0, 2]];
  assertEquals(await scoresOf(truth, [[7, 7, 0, 300], [7, 7, 0, 300]]), {
    ...{ objectF1: 1, ap50: 1, pixelF1: 1 },
  });
  // One object of two is found, and 5 pixels of 6; one is too much.
  const scores = await scoresOf(truth, [[1, 1, 2, 0], [1, 1, 0, 0]]);
  assertAlmostEquals(scores!.objectF1, 0.5);
  assertAlmostEquals(scores!.ap50, 1 / 3);
  assertAlmostEquals(scores!.pixelF1, 2 * 4 / (6 + 5));
  const none = [[0, 0, 0, 0], [0, 0, 0, 0]];
  assertEquals((await scoresOf(none, none))!.pixelF1, 1);
  assertEquals((await scoresOf(truth, none))!.pixelF1, 0);
});

Deno.test("scoreMask() leaves out what nobody labeled", async () => {
  const none = 65535;
  assertEquals(
    await scoresOf([[1, 1, 0, none, none]], [[3, 3, 0, 4, 0]]),
    { objectF1: 1, ap50: 1, pixelF1: 1 },
  );
});

Deno.test("scoreMask() gives no scores of masks of two sizes", async () => {
  assertEquals(await scoresOf([[1, 0]], [[1], [0]]), null);
});
