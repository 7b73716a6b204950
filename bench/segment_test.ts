// deno-lint-ignore-file no-console
import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { segment } from "@unet/app";
import { decodeImage } from "@unet/data";
import { findPeerPython, missingModules } from "./peer_python.ts";
import { runBench } from "./run_bench.ts";
import { runProcess } from "./run_process.ts";
import { prepareCommands } from "./segment_commands.ts";
import { readSegmentSettings } from "./segment_settings.ts";

const small = "--images 3 --size 64 --large 200x150 --device wasm";

/** Runs `deno task bench segment` with arguments. */
const bench = (args: readonly string[]) => runBench(["segment", ...args]);

Deno.test("what people run is timed, printed as JSON and stored", async () => {
  const folder = await Deno.makeTempDir();
  const file = join(folder, "results.json");
  const { code, stdout, stderr } = await bench([
    ...small.split(" "),
    ..."--peers none --rounds 1 --json --out".split(" "),
    file,
  ]);
  assertEquals(code, 0, stderr);
  const rows = JSON.parse(stdout);
  assertEquals(
    rows.map((row: Record<string, unknown>) => [
      ...[row.work, row.program, row.version, row.images, row.megapixels],
    ]),
    [
      ["plate", "unet", "wasm (float32)", 3, 3 * 64 * 64 / 1e6],
      ["large", "unet", "wasm (float32)", 1, 0.03],
      ["start", "unet", "wasm (float32)", 1, 64 * 64 / 1e6],
    ],
  );
  for (const row of rows) {
    assert(row.seconds > 0 && row.medianSeconds >= row.seconds);
    if (row.peakMemoryBytes === null) continue;
    // A program of Deno holds more than 30 MB, and this one less than 4 GB.
    assert(row.peakMemoryBytes > 3e7 && row.peakMemoryBytes < 4e9);
  }
  const stored = JSON.parse(await Deno.readTextFile(file));
  assertEquals(stored.results, rows);
  assertEquals(stored.large, { width: 200, height: 150 });
  await Deno.remove(folder, { recursive: true });
});

Deno.test("people get a table", async () => {
  const { code, stdout, stderr } = await bench([
    ...small.split(" "),
    ..."--works start,large --rounds 2".split(" "),
  ]);
  assertEquals(code, 0, stderr);
  assertMatch(stdout, /^unet wasm \(float32\)$/m);
  assertMatch(stdout, /^one small image, unet( +\S+){7}( ×)?$/m);
  assertMatch(stderr, /^large, unet \(round 2 of 2\)$/m);
});

Deno.test("a model that is not there ends the benchmark with its own words", async () => {
  const { code, stdout, stderr } = await bench([
    ...small.split(" "),
    ..."--works start --model no-such-model".split(" "),
  ]);
  assertEquals([code, stdout], [2, ""]);
  assertMatch(stderr, /Cannot .* "no-such-model"/);
});

const python = await findPeerPython();
const missing = python === null
  ? ["Python"]
  : await missingModules(python, ["openvino", "PIL"]);
if (missing.length > 0) {
  console.log(`skipped: OpenVINO's masks, for lack of ${missing.join(", ")}`);
}

Deno.test(
  "OpenVINO writes the masks that ours writes, but for pixels at a threshold",
  // skipped: where a module is missing, as printed above
  { ignore: missing.length > 0 },
  async () => {
    const folder = await Deno.makeTempDir();
    const settings = readSegmentSettings(
      [..."--works plate --images 3 --size 96 --device wasm".split(" ")],
      1,
    );
    const commands = await prepareCommands(settings, folder, python);
    const peer = commands.find(({ program }) => program === "openvino")!;
    const [executable, ...args] = peer.command as [string, ...string[]];
    // It ends with a line for people, which is no JSON.
    const script = `import runpy, sys; sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__"); print("null")`;
    await runProcess("peer", [executable, "-c", script, ...args], 1);
    const out = join(folder, "ours");
    await segment([join(folder, "plate")], {
      model: "nuclei",
      out,
      device: "wasm",
    });
    let different = 0, objects = 0, pixels = 0;
    for (const { name } of Deno.readDirSync(peer.out)) {
      const [theirs, ours] = await Promise.all(
        [join(peer.out, name), join(out, name)].map(async (path) =>
          (await decodeImage(await Deno.readFile(path), path)).data
        ),
      );
      pixels += ours!.length;
      ours!.forEach((value, at) => {
        if (value > 0) objects++;
        if (value !== theirs![at]) different++;
      });
    }
    assertEquals(pixels, 3 * 96 * 96);
    assert(objects > pixels / 50, `${objects}`);
    // Ours sees mirrored pixels around the image, the peer the network's zeros.
    assert(different < objects / 10, `${different} of ${objects}`);
    await Deno.remove(folder, { recursive: true });
  },
);
