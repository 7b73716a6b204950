/**
 * The logs of a training beside what TensorBoard's own writer makes of the same
 * events (`fixtures/make_events.py`), and what is left after a kill.
 */
import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { FileError } from "@unet/errors";
import type { Graph } from "@unet/model";
import { crc32c } from "./crc32c.ts";
import { openEventLogs } from "./event_log.ts";
import {
  eventMessages,
  restartMessage,
  versionMessage,
} from "./event_message.ts";
import { recordOf } from "./event_record.ts";
import { formatEvent } from "./json_log.ts";
import { logNames } from "./log_names.ts";
import type { TrainingEvent } from "./training_event.ts";

const fixtures = new URL("./fixtures/", import.meta.url);

const graph: Graph = [
  { op: "image", inputs: [], channels: 3, block: 0 },
  {
    ...{ op: "convolution", name: "encoder.features.0", inputs: [0] },
    ...{ channels: 8, block: 0, batchNorm: "encoder.features.1", from: 3 },
    ...{ kernel: 3, stride: 1, isPadded: true, bias: true, relu: true },
  },
  { op: "pool", inputs: [1], channels: 8, block: 0, size: 2 },
  { op: "dropout", inputs: [2], channels: 8, rate: 0.25 },
];

/** A step of the fixture, a second after the one before. */
const at = (step: number) => ({
  ...{ time: 1_700_000_000_250 + 1000 * step, epoch: 1, step },
});

Deno.test("crc32c() gives the check value of RFC 3720's checksum", () => {
  assertEquals(crc32c(new TextEncoder().encode("123456789")), 0xe3069283);
});

Deno.test("event files are those of TensorBoard's own writer, byte for byte", async () => {
  const { png } = JSON.parse(
    await Deno.readTextFile(new URL("events.json", fixtures)),
  );
  const events: readonly TrainingEvent[] = [
    {
      ...{ kind: "start", ...at(0), epoch: 0, graph },
      values: { batch: 16, boundaries: false, optimizer: "adamw" },
    },
    { kind: "resume", ...at(2), values: {} },
    { kind: "step", ...at(3), values: { loss: 0.7, learningRate: 0.001 } },
    {
      ...{ kind: "image", ...at(3), name: "01", values: {} },
      png: Uint8Array.fromHex(png),
    },
    { kind: "end", ...at(3), isSuccess: true, values: {} },
  ];
  const messages = [
    ...[versionMessage(at(0)), restartMessage(at(3))],
    ...events.flatMap(eventMessages),
  ];
  const found = messages.map((one) => recordOf(one).toHex()).join("");
  const expected = await Deno.readFile(new URL("events.tfevents", fixtures));
  assertEquals(found, expected.toHex());
});

Deno.test("eventMessages() leaves out what is no number, and keeps one beyond single precision", () => {
  const bytesOf = (values: TrainingEvent["values"]) =>
    eventMessages({ kind: "epoch", ...at(3), values })[0]!;
  assertEquals(bytesOf({ f1: 0.5, loss: null }), bytesOf({ f1: 0.5 }));
  assertEquals(bytesOf({ loss: 1e300 }), bytesOf({ loss: Infinity }));
});

/** The lines of a run's `events.jsonl`, without their times. */
async function linesOf(run: string): Promise<unknown[]> {
  const text = await Deno.readTextFile(join(run, "events.jsonl"));
  return text.trimEnd().split("\n").map((line) => {
    const { time: _time, version: _version, ...rest } = JSON.parse(line);
    return rest;
  });
}

const step = (number: number) => ({
  kind: "step" as const,
  ...{ epoch: 1, step: number, values: { loss: 1 / number } },
});

Deno.test("openEventLogs() writes anew what a kill left after the checkpoint", async () => {
  const run = await Deno.makeTempDir();
  {
    using log = await openEventLogs(["json"], { run, from: null });
    for (const each of [1, 2, 3, 4].map(step)) log.write({ ...each, time: 0 });
  }
  const path = join(run, "events.jsonl");
  // A line that the system had no room for.
  await Deno.writeTextFile(path, '{"version":1,"kind":"st', { append: true });
  {
    using log = await openEventLogs(["json"], { run, from: 3 });
    log.write({ ...step(3), time: 1 });
    await log.flush();
  }
  assertEquals(await linesOf(run), [1, 2, 3].map(step));
  {
    using log = await openEventLogs(["json"], { run, from: 9 });
    log.write({ ...step(9), time: 2 });
  }
  assertEquals(await linesOf(run), [1, 2, 3, 9].map(step));
  await Deno.remove(run, { recursive: true });
});

Deno.test("openEventLogs() cuts a long log at a step, across the pieces that it reads", async () => {
  const run = await Deno.makeTempDir();
  const all = Array.from({ length: 3000 }, (_, index) => step(index + 1));
  {
    using log = await openEventLogs(["json"], { run, from: null });
    for (const each of all) log.write({ ...each, time: 0 });
  }
  {
    using _log = await openEventLogs(["json"], { run, from: 2950 });
  }
  assertEquals(await linesOf(run), all.slice(0, 2949));
  await Deno.remove(run, { recursive: true });
});

Deno.test("formatEvent() writes a number that is not finite as null", () => {
  assertEquals(
    formatEvent({ ...step(1), time: 0, values: { loss: NaN, f1: 1 } }),
    '{"version":1,"kind":"step","time":"1970-01-01T00:00:00.000Z",' +
      '"epoch":1,"step":1,"values":{"loss":null,"f1":1}}\n',
  );
});

Deno.test("openEventLogs() gives each process an event file after those before", async () => {
  const run = await Deno.makeTempDir(), folder = join(run, "tensorboard");
  await Deno.mkdir(folder);
  const late = "events.out.tfevents.9999999990.other";
  await Deno.writeTextFile(join(folder, late), "");
  for (let from = 0; from < 2; from++) {
    using _log = await openEventLogs(logNames, { run, from });
  }
  assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), [
    late,
    "events.out.tfevents.9999999991.unet",
    "events.out.tfevents.9999999992.unet",
  ]);
  await Deno.remove(run, { recursive: true });
});

Deno.test("openEventLogs() refuses a place that it cannot write, and closes the other log", async () => {
  const run = await Deno.makeTempDir();
  await Deno.mkdir(join(run, "events.jsonl"));
  for (const from of [null, 1]) {
    const error = await assertRejects(
      () => openEventLogs(logNames, { run, from }),
      FileError,
    );
    assertStringIncludes(error.message, join(run, "events.jsonl"));
  }
  await Deno.remove(run, { recursive: true });
});

Deno.test("openEventLogs() follows no link, and cuts no file that holds something else", async () => {
  const run = await Deno.makeTempDir(), path = join(run, "events.jsonl");
  const refuse = async (words: string) => {
    const { message } = await assertRejects(
      () => openEventLogs(["json"], { run, from: 2 }),
      FileError,
    );
    assertStringIncludes(message, words);
  };
  const lines = [1, 2, 3].map((each) =>
    formatEvent({ ...step(each), time: 0 })
  );
  const other = join(run, "other.jsonl");
  await Deno.writeTextFile(other, lines.join(""));
  await Deno.symlink(other, path);
  await refuse("found a link, expected the run's own file");
  assertEquals(await Deno.readTextFile(other), lines.join(""));
  await Deno.remove(path);
  const foreign = lines[0] + "a note of somebody's\n" + lines[1];
  await Deno.writeTextFile(path, foreign);
  await refuse("found a line that is no event (line 2)");
  await Deno.writeTextFile(path, "x".repeat(3 << 20));
  await refuse("found a line that is no event (line 1)");
  assertEquals((await Deno.stat(path)).size, 3 << 20);
  await Deno.remove(run, { recursive: true });
});
