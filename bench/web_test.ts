import { assert, assertEquals, assertMatch } from "@std/assert";
import { runBench } from "./run_bench.ts";

/** The browser, where it is. */
const isThere = await Deno.stat("/usr/bin/chromium")
  .then(({ isFile }) => isFile, () => false);
if (!isThere) {
  // deno-lint-ignore no-console
  console.log("skipped: the measures of the page, for there is no Chromium");
}

/** What of a benchmark's result the tests look at. */
interface Found {
  readonly webgpu: string | null;
  readonly rows: readonly {
    readonly engine: string;
    readonly size: number;
    readonly image: readonly number[];
    readonly network: readonly number[];
    readonly difference: { readonly most: number };
  }[];
}

Deno.test({
  name: "the page's network is measured, within the time of the whole image",
  ignore: !isThere, // skipped: without a Chromium
  async fn() {
    const { code, stdout, stderr } = await runBench([
      ...["web", "--sizes", "64", "--rounds", "2", "--peers", "none", "--json"],
    ]);
    assertEquals(code, 0, stderr);
    const { rows, webgpu }: Found = JSON.parse(stdout);
    assertEquals(
      rows.map(({ engine, size }) => [engine, size]),
      [
        ["ours wasm 1", 64],
        ...(webgpu === null ? [["ours webgpu", 64]] : []),
      ],
    );
    for (const { image, network, difference } of rows) {
      assertEquals([image.length, network.length], [2, 2]);
      assert(network.every((time, at) => 0 < time && time < image[at]!));
      assert(difference.most <= 0.01);
    }
  },
});

Deno.test("images that the page would not take are refused by name", async () => {
  const { code, stderr } = await runBench(["web", "--sizes", "512,9000"]);
  assertEquals(code, 2);
  assertMatch(stderr, /--sizes.*found "9000", expected whole numbers from 64/);
});
