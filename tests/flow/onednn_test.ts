/** What is promised of every device, on the fast one: same bits, resumed too. */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { cacheFolder } from "@unet/files";
import { tryDevice } from "../try_device.ts";
import { contentOf } from "./_run_content.ts";
import { assertDone, createPlace, faultOf, type Place } from "./_unet.ts";

const found = await tryDevice("onednn");
if (typeof found !== "string") await found.close();
const absent = typeof found === "string" ? found : null;
const skipped = absent ? ` (skipped: ${absent})` : "";
const ignore = absent !== null;
// The library is in the person's cache, not in the test's.
const env = { UNET_CACHE: cacheFolder() };
let place: Place;

Deno.test.beforeAll(async () => {
  place = await createPlace();
  assertDone(
    await place.unet(["synth", "drawn", "--count", "24", "--size", "64"]),
  );
});

Deno.test.afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

/** A quarter of the width fills blocks of channels in some layers. */
function start(out: string, ...flags: string[]): string[] {
  return [
    ...["train", "--data", "drawn", "--out", out, "--tile", "64"],
    ...["--width", "0.25", "--epochs", "2", "--batch", "4", "--lr", "0.005"],
    ...["--device", "onednn", ...flags],
  ];
}

for (const precision of ["float32", "mixed"]) {
  Deno.test({
    name:
      `train on onednn in ${precision} ends in the same bits again, and resumed after a stop${skipped}`,
    ignore,
    async fn() {
      const flags = ["--precision", precision];
      const names = [1, 2, 3].map((each) => `${precision}${each}`);
      const [whole, again, stopped] = names as [string, string, string];
      const first = await place.unet(start(whole, ...flags), { env });
      if (first.stderr.includes("without bfloat16")) return;
      assertDone(first);
      assertDone(await place.unet(start(again, ...flags), { env }));
      const expected = contentOf(place.at(whole));
      assertEquals(contentOf(place.at(again)), expected);

      const ended = await place.unet(
        start(stopped, "--save-every", "1", ...flags),
        {
          env,
          async whileRunning(child) {
            const state = place.at(stopped, "last/state.json");
            let hasEnded = false;
            child.status.then(() => hasEnded = true);
            while (!hasEnded && !exists(state)) {
              await new Promise((resolve) => setTimeout(resolve, 1));
            }
            child.kill("SIGINT");
          },
        },
      );
      assertEquals(ended.code, 130, ended.stderr);
      assertDone(await place.unet(["train", "--resume", stopped], { env }));
      assertEquals(contentOf(place.at(stopped)), expected);
    },
  });
}

Deno.test({
  name: `train on onednn without batch norm validates as wasm does${skipped}`,
  ignore,
  async fn() {
    const losses: number[] = [];
    for (const device of ["onednn", "wasm"]) {
      const out = `plain-${device}`;
      assertDone(
        await place.unet([
          ...["train", "--data", "drawn", "--out", out, "--tile", "64"],
          ...[
            "--width",
            "0.25",
            "--epochs",
            "1",
            "--batch",
            "4",
            "--lr",
            "0.01",
          ],
          ...["--device", device, "--batch-norm", "off", "--recipe", "report"],
        ], { env }),
      );
      const rows = Deno.readTextFileSync(place.at(out, "metrics.csv"));
      const [header, row] = rows.split("\n").map((line) => line.split(","));
      losses.push(Number(row![header!.indexOf("validationLoss")]));
    }
    const [ours, reference] = losses as [number, number];
    assert(Math.abs(ours - reference) < 1e-3 * reference, losses.join());
  },
});

Deno.test({
  name:
    `train on onednn with AVX2 alone works, and refuses mixed precision${skipped}`,
  ignore,
  async fn() {
    const narrow = { env: { ...env, ONEDNN_MAX_CPU_ISA: "AVX2" } };
    const ended = await place.unet(start("narrow", "--verbose"), narrow);
    assertDone(ended);
    assertMatch(ended.stdout, /processor with AVX2 \(/);
    const refused = await place.unet(
      start("mixed", "--precision", "mixed"),
      narrow,
    );
    const fault = faultOf(refused);
    assert(fault.includes("AVX2 without bfloat16"), fault);
  },
});

Deno.test({
  name:
    `train on onednn keeps its threads where OpenMP may choose their number${skipped}`,
  ignore,
  async fn() {
    const dynamic = { env: { ...env, OMP_DYNAMIC: "true" } };
    assertDone(await place.unet(start("dynamic"), dynamic));
  },
});

Deno.test({
  name: `devices --trace reports what computed each kernel${skipped}`,
  ignore,
  async fn() {
    const ended = await place.unet(["devices", "--trace", "onednn"], { env });
    assertDone(ended);
    assertMatch(ended.stdout, /^Conv2D +oneDNN +\d+ /m);
    assertMatch(ended.stdout, /^By way of tfjs' cpu kernels: [\w, ]+$/m);
    assertMatch(ended.stdout, /^By reference code: none$/m);
  },
});

Deno.test("devices --trace refuses a device that does not report it", async () => {
  const ended = await place.unet(["devices", "--trace", "cpu"]);
  assertEquals(
    faultOf(ended),
    'Cannot trace device "cpu": found one that does not report what computes, ' +
      "expected onednn",
  );
});

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return false;
    throw cause;
  }
}
