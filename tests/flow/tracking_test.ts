/**
 * `train --log`: what the logs hold of a run that was killed and continued, as
 * TensorBoard and a reader of lines see it.
 */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { parseCsv } from "@unet/train";
import { findTensorBoard } from "./_tensorboard.ts";
import { tiny } from "./_tiny_run.ts";
import {
  assertDone,
  createPlace,
  faultOf,
  type Place,
  until,
} from "./_unet.ts";

const { python, absent } = await findTensorBoard();
const judge = fromFileUrl(
  new URL("../parity/judge_events.py", import.meta.url),
);

const epochs = 3, stepsPerEpoch = 7;
let place: Place;

Deno.test.beforeAll(async () => {
  place = await createPlace();
  assertDone(
    await place.unet(["synth", "drawn", "--count", "9", "--size", "80"]),
  );
  const killed = await place.unet([
    ...["train", ...tiny, "--width", "0.02", "--workers", "0"],
    ...["--epochs", `${epochs}`, "--save-every", "3", "--out", "run"],
    ...["--log", "tensorboard,json"],
  ], {
    async whileRunning(child) {
      // Past a checkpoint, so that steps are done twice.
      await until(child, () => lastStep() >= stepsPerEpoch + 5);
      child.kill("SIGKILL");
    },
  });
  assertEquals(killed.code, 137, killed.stderr);
  assertDone(await place.unet(["train", "--resume", "run"]));
});

Deno.test.afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

/** A line of `events.jsonl`. */
interface Line {
  readonly kind: string;
  readonly epoch: number;
  readonly step: number;
  readonly values: Readonly<Record<string, number | string | boolean | null>>;
}

function lines(): Line[] {
  try {
    return Deno.readTextFileSync(place.at("run/events.jsonl")).split("\n")
      .slice(0, -1).map((line) => JSON.parse(line));
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return [];
    throw cause;
  }
}

function lastStep(): number {
  return lines().at(-1)?.step ?? 0;
}

const steps = Array.from({ length: epochs * stepsPerEpoch }, (_, at) => at + 1);

Deno.test("events.jsonl has each step and epoch of a killed run once, with the numbers of metrics.csv", async () => {
  const all = lines();
  const of = (wanted: string) => all.filter(({ kind }) => kind === wanted);
  assertEquals(of("step").map(({ step }) => step), steps);
  const rows = parseCsv(await Deno.readTextFile(place.at("run/metrics.csv")));
  assertEquals(
    of("epoch").map(({ epoch, step, values }) => ({ epoch, step, ...values })),
    rows.map((row) => ({ ...row })),
  );
  assertEquals(of("start").map(({ step }) => step), [0]);
  assertEquals(of("start")[0]!.values.optimizer, "adamw");
  assertEquals(of("resume").map(({ values }) => values), [
    of("start")[0]!.values,
  ]);
  assertEquals(of("end").map(({ values }) => values.reason), ["epochs"]);
  const drawn = of("image").map(({ values }) => String(values.path));
  assert(drawn.every((path) => Deno.statSync(place.at("run", path)).isFile));
});

Deno.test({
  name: python === null
    ? `TensorBoard reads a run (skipped: ${absent})`
    : "TensorBoard reads each step and epoch of a killed run once, its samples, network and settings",
  ignore: python === null,
  async fn() {
    const { success, stdout, stderr } = await new Deno.Command(python!, {
      args: [judge, place.at("run/tensorboard")],
    }).output();
    assert(success, new TextDecoder().decode(stderr));
    const read = JSON.parse(new TextDecoder().decode(stdout));
    const scalars: Record<string, [step: number, value: number][]> =
      read.scalars;
    const all = lines();
    for (const kind of ["step", "epoch"]) {
      const own = all.filter((line) => line.kind === kind);
      for (const name of Object.keys(own[0]!.values)) {
        const expected = own.map(({ step, values }) => [
          ...[step, Math.fround(values[name] as number)],
        ]);
        assertEquals(scalars[`${kind}/${name}`], expected, name);
      }
    }
    const images: Record<string, [number, number, number][]> = read.images;
    const shown = all.filter(({ kind }) => kind === "image");
    assertEquals(
      Object.values(images).flat().length,
      shown.length,
    );
    assertEquals(read.nodes[0], ["image", "image", []]);
    assertEquals(read.hyperparameters.batch, 4);
    const ended = 1;
    assertEquals(read.status, ended);
  },
});

Deno.test("train --log refuses a log that there is not, and a folder that holds one", async () => {
  const fault = faultOf(
    await place.unet(["train", "--data", "drawn", "--log", "wandb"]),
  );
  assertEquals(
    fault,
    'Cannot use flag "--log": found "wandb", expected some of tensorboard,json',
  );
  await Deno.mkdir(place.at("taken/tensorboard"), { recursive: true });
  const taken = faultOf(
    await place.unet(["train", ...tiny, "--out", "taken", "--log", "json"]),
  );
  assertEquals(
    taken,
    `Cannot start run "${place.at("taken")}": found tensorboard there, which ` +
      "a run would replace, expected a new folder; move it away, or choose " +
      "another --out",
  );
});
