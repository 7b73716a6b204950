import { assert, assertEquals, assertMatch } from "@std/assert";
import { runBench } from "./run_bench.ts";

/** The browser, where it is. */
const isThere = await Deno.stat("/usr/bin/chromium")
  .then(({ isFile }) => isFile, () => false);
if (!isThere) {
  // deno-lint-ignore no-console
  console.log("skipped: the studio's measures, for there is no Chromium");
}

/** What of a benchmark's result the tests look at. */
interface Row {
  readonly work: string;
  readonly measures: Readonly<Record<string, number | readonly number[]>>;
}

Deno.test({
  name:
    "the studio's page is measured, and a step of a stroke on 4096×4096 fits into a frame",
  ignore: !isThere, // skipped: without a Chromium
  async fn() {
    const { code, stdout, stderr } = await runBench([
      ...["studio", "--works", "paint,slide,list,slider", "--json"],
      ...["--slide", "2000", "--images", "40"],
    ]);
    assertEquals(code, 0, stderr);
    const { results }: { readonly results: readonly Row[] } = JSON.parse(
      stdout,
    );
    assertEquals(
      results.map(({ work, measures }) => [work, ...Object.keys(measures)]),
      [
        ["paint", "steps", "undo"],
        ["slide", "open", "sharp", "frames", "panned"],
        [
          "list",
          "open",
          "thumbnails",
          "frames",
          "after",
          "pageMiB",
          "serverMiB",
        ],
        ["slider", "redraws"],
      ],
    );
    const steps = (results[0]!.measures.steps as number[])
      .toSorted((one, other) => one - other);
    assert(steps.length > 100, `${steps.length} steps`);
    const median = steps[steps.length >> 1]!;
    assert(median <= 16, `${median} ms`);
  },
});

Deno.test("what cannot be measured in the studio is refused by name", async () => {
  const { code, stderr } = await runBench(["studio", "--works", "walk"]);
  assertEquals(code, 2);
  assertMatch(stderr, /--works.*found "walk", expected paint, slide, list/);
});
