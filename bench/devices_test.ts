// deno-lint-ignore-file no-console
import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { cacheFolder, infoOf } from "@unet/files";
import type { MeasurableDevice } from "./measurable_device.ts";
import { benchRoot, runBench } from "./run_bench.ts";
import { runOurs } from "./run_process.ts";

const small = "devices --device wasm --batch 2 --width 0.05 --size 32 " +
  "--steps 2 --peers none";

Deno.test("training and inference are measured, printed as JSON and stored", async () => {
  const folder = await Deno.makeTempDir();
  const file = join(folder, "results.json");
  const { code, stdout, stderr } = await runBench(
    [
      ...small.split(" "),
      ...["--loader", "live", "--recipe", "standard", "--json", "--out", file],
    ],
  );
  assertEquals(code, 0, stderr);
  const rows = JSON.parse(stdout);
  assertEquals(
    rows.map((row: Record<string, unknown>) => [
      row.device,
      row.mode,
      row.precision,
      row.recipe,
      row.loader,
      row.width,
      row.size,
      row.batch,
      row.steps,
      row.ratio,
    ]),
    [
      ["wasm", "train", "float32", "plain", "fixed", 0.05, 32, 2, 2, null],
      ["wasm", "train", "float32", "plain", "live", 0.05, 32, 2, 2, null],
      ["wasm", "train", "float32", "standard", "fixed", 0.05, 32, 2, 2, null],
      ["wasm", "train", "float32", "standard", "live", 0.05, 32, 2, 2, null],
      ["wasm", "infer", "float32", "plain", "fixed", 0.05, 32, 2, 2, null],
    ],
  );
  for (const row of rows) {
    assert(row.secondsPerImage > 0);
    assert(row.medianSecondsPerImage >= row.secondsPerImage);
    // A program of Deno holds more than 30 MB, and this one less than 4 GB.
    assert(row.peakMemoryBytes > 3e7 && row.peakMemoryBytes < 4e9);
    assertMatch(row.version, /^tfjs-backend-wasm \d/);
  }
  const stored = JSON.parse(await Deno.readTextFile(file));
  assertEquals(stored.results, rows);
  assertEquals(stored.versions.wasm, rows[0].version);
  assert(stored.machine.cores >= 1 && stored.date.startsWith("20"));
  await Deno.remove(folder, { recursive: true });
});

Deno.test("people get a table, and the kernels' shares of the time", async () => {
  const { code, stdout, stderr } = await runBench(
    [...small.split(" "), "--mode", "infer", "--profile"],
  );
  assertEquals(code, 0, stderr);
  assertMatch(
    stdout,
    /^width 0.05, 32×32, infer, batch 2\n +precision +s\/image/m,
  );
  assertMatch(stdout, /^wasm +float32 /m);
  assertMatch(
    stdout,
    /^wasm float32, width 0.05, 32×32, infer, batch 2, profile, 2 steps$/m,
  );
  assertMatch(stdout, /^FusedConv2D .* \d+\.\d %$/m);
  assertMatch(stdout, /^between kernels +-?\d+\.\d %$/m);
});

Deno.test("what cannot be measured is refused at once, with what to do", async () => {
  const refused = [
    [["devices", "--device", "none-such", "--peers", "none"], /none-such/],
    [["devices", "--precision", "half"], /float32 or mixed/],
    [
      "devices --device cpu --precision mixed --peers none".split(" "),
      /no mixed precision, expected float32/,
    ],
    [
      ["none-such"],
      /expected augment, cards, cluster, devices, ([\w-]+, )+tiles/,
    ],
  ] as const;
  for (const [args, message] of refused) {
    const { code, stdout, stderr } = await runBench(args);
    assertEquals([code, stdout], [2, ""]);
    assertMatch(stderr, message);
  }
  const python = join(benchRoot, "no-python");
  const { code, stderr } = await runBench(["devices", "--device", "wasm"], {
    UNET_PEER_PYTHON: python,
  });
  assertEquals(code, 2);
  assertMatch(stderr, /Cannot run peers with .*deno task bench:peers/);
});

Deno.test("without a name the benchmarks are listed", async () => {
  const { code, stdout } = await runBench([]);
  assertEquals(code, 0);
  assertMatch(stdout, /^ {2}augment .*\n {2}cards /m);
});

const onednn = (await runOurs("print_devices.ts", [], 1) as MeasurableDevice[])
  .find(({ name }) => name === "onednn");
if (!onednn?.available) {
  console.log(`skipped: precisions of oneDNN, for ${onednn?.reason}`);
}

/**
 * A cache with the user's oneDNN in it: how fast devices are on a processor that
 * is made slower must not be remembered in the user's own.
 */
async function cacheWithOnednn(): Promise<
  AsyncDisposable & { readonly path: string }
> {
  const path = await Deno.makeTempDir();
  const [users, own] = [cacheFolder("devices"), join(path, "devices")];
  await Deno.mkdir(own);
  if (await infoOf(users) !== null) {
    for await (const { name } of Deno.readDir(users)) {
      if (!name.startsWith("onednn")) continue;
      await Deno.symlink(join(users, name), join(own, name));
    }
  }
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

Deno.test(
  "a precision that the processor lacks is left out in one line, without a fault",
  // skipped: where there is no oneDNN, as printed above
  { ignore: !onednn?.available },
  async () => {
    // oneDNN then takes the processor for one without bfloat16.
    await using cache = await cacheWithOnednn();
    const env = { ONEDNN_MAX_CPU_ISA: "AVX512_CORE", UNET_CACHE: cache.path };
    const flags = small.replace("wasm", "onednn").split(" ");
    const { code, stdout, stderr } = await runBench(
      [...flags, "--mode", "train", "--json"],
      env,
    );
    assertEquals(code, 0, stderr);
    assertMatch(stderr, /^Left out: onednn: mixed: .*without bfloat16/m);
    const rows = JSON.parse(stdout) as { precision: string }[];
    assertEquals(rows.map(({ precision }) => precision), ["float32"]);
    const named = await runBench([...flags, "--precision", "mixed"], env);
    assertEquals(named.code, 2);
    assertMatch(named.stderr, /Cannot measure device "onednn": .*bfloat16/);
  },
);
