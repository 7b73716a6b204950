import { assertEquals } from "@std/assert";
import { joinOutcomes, type Outcome, toResults } from "./device_results.ts";
import { tableOf } from "./device_table.ts";
import { afterWarmUp, isEnough, type Measurement } from "./measurement.ts";

function measurement(of: Partial<Measurement>): Measurement {
  return {
    side: "device",
    name: "wasm",
    mode: "train",
    precision: "float32",
    recipe: "plain",
    loader: "fixed",
    batch: 4,
    width: 1,
    size: 256,
    steps: 3,
    warmUp: 2,
    limit: 60,
    threads: 2,
    profile: false,
    ...of,
  };
}

function outcome(of: Partial<Measurement>, seconds: number[]): Outcome {
  const result = {
    version: "1.0",
    parameters: 9,
    seconds,
    peakMemoryBytes: 3 * 2 ** 20,
  };
  return { measurement: measurement(of), result };
}

const torch = { side: "peer", name: "torch" } as const;
const outcomes = [
  outcome({}, [2.4, 2, 2.2]),
  outcome({ batch: 16 }, [1]),
  outcome({ mode: "infer" }, [0.5, 0.7]),
  outcome(torch, [8, 9, 10]),
  outcome({ ...torch, precision: "bf16" }, [4, 4, 5]),
  outcome({ ...torch, mode: "infer" }, [1]),
];

const openvino = { side: "peer", name: "openvino", mode: "infer" } as const;

Deno.test("seconds are those of the fastest and the median step, by image", () => {
  const [train, , infer] = toResults(outcomes);
  assertEquals(train?.secondsPerImage, 0.5);
  assertEquals(train?.medianSecondsPerImage, 0.55);
  assertEquals(infer?.medianSecondsPerImage, 0.6 / 4);
});

Deno.test("a ratio above 1 is faster than PyTorch, of the same mode and batch", () => {
  assertEquals(
    toResults(outcomes).map(({ ratio, ratioToBf16 }) => [ratio, ratioToBf16]),
    [[4, 2], [null, null], [2, null], [1, 0.5], [2, 1], [1, null]],
  );
});

Deno.test("another width or size is not compared", () => {
  const others = [outcome({ width: 0.5 }, [1]), outcome({ size: 512 }, [1])];
  assertEquals(
    toResults([...others, outcome(torch, [8])]).map(({ ratio }) => ratio),
    [null, null, 1],
  );
});

Deno.test("OpenVINO is compared by the kind of precision", () => {
  const inference = [
    outcome({ mode: "infer", precision: "float32" }, [2]),
    outcome({ mode: "infer", precision: "mixed" }, [1]),
    outcome({ mode: "infer", precision: "int8" }, [1]),
    outcome({ ...openvino, precision: "float32" }, [4]),
    outcome({ ...openvino, precision: "int8" }, [0.5]),
  ];
  assertEquals(
    toResults(inference).map(({ ratioToOpenvino }) => ratioToOpenvino),
    [2, 4, 0.5, 1, 1],
  );
});

Deno.test("the standard recipe is compared with the plain step of its loader alone", () => {
  const standard = { recipe: "standard" } as const;
  const live = { loader: "live" } as const;
  const rows = toResults([
    outcome({}, [2]),
    outcome(live, [4]),
    outcome(standard, [3]),
    outcome({ ...standard, ...live }, [5]),
    outcome({ ...standard, batch: 16 }, [5]),
    outcome(torch, [8]),
  ]);
  assertEquals(
    rows.map(({ ratioToPlainStep }) => ratioToPlainStep),
    [undefined, undefined, 1.5, 1.25, null, undefined],
  );
  assertEquals(rows.map(({ ratio }) => ratio), [4, 2, null, null, null, 1]);
  assertEquals(
    tableOf(rows.slice(0, 4)).slice(-2),
    [
      "wasm, standard recipe float32: 1.50 × the plain step's seconds per image",
      "wasm, standard recipe, live loader float32: 1.25 × the plain step's seconds per image",
    ],
  );
});

Deno.test("a row has the fields that programs read", () => {
  assertEquals(toResults(outcomes)[0], {
    device: "wasm",
    version: "1.0",
    mode: "train",
    width: 1,
    size: 256,
    precision: "float32",
    recipe: "plain",
    loader: "fixed",
    batch: 4,
    secondsPerImage: 0.5,
    medianSecondsPerImage: 0.55,
    steps: 3,
    ratio: 4,
    ratioToBf16: 2,
    ratioToOpenvino: null,
    peakMemoryBytes: 3 * 2 ** 20,
  });
  assertEquals(toResults(outcomes)[3]?.peer, "torch");
});

Deno.test("rounds are joined, steps and the larger memory; a fault stays one", () => {
  const first = outcome({}, [3, 2]), second = outcome({}, [4]);
  const failed = { ...second, result: { error: "why" } };
  const larger = {
    ...second,
    result: { ...second.result, peakMemoryBytes: 4 * 2 ** 20 },
  } as Outcome;
  const [joined] = toResults([joinOutcomes(first, larger)]);
  assertEquals([joined?.steps, joined?.secondsPerImage], [3, 0.5]);
  assertEquals(joined?.peakMemoryBytes, 4 * 2 ** 20);
  assertEquals(joinOutcomes(first, failed), failed);
  assertEquals(joinOutcomes(failed, first), failed);
});

Deno.test("of two rounds that computed differently, the faster one is described", () => {
  const round = (seconds: number[], way: string): Outcome => {
    const one = outcome(openvino, seconds);
    return { ...one, result: { ...one.result, way } };
  };
  const slow = round([3, 2], "slow"), fast = round([1], "fast");
  for (const rounds of [[slow, fast], [fast, slow]] as const) {
    const [joined] = toResults([joinOutcomes(...rounds)]);
    assertEquals([joined?.way, joined?.steps], ["fast", 3]);
  }
});

Deno.test("what failed has no figures but a reason, and no ratio is made of it", () => {
  const failed = { measurement: measurement(torch), result: { error: "why" } };
  const [ours, theirs] = toResults([outcome({}, [1]), failed]);
  assertEquals(ours?.ratio, null);
  assertEquals(theirs?.secondsPerImage, null);
  assertEquals(theirs?.ratio, null);
  assertEquals(theirs?.error, "why");
  assertEquals(tableOf([ours!, theirs!]).at(-1), "torch float32: why");
});

Deno.test("inference has a column of OpenVINO, and below it how it computed", () => {
  const theirs = outcome({ ...openvino, precision: "int8" }, [1]);
  const result = { ...theirs.result, way: "latency hint" };
  const ours = outcome({ mode: "infer", precision: "int8" }, [2]);
  assertEquals(tableOf(toResults([ours, { ...theirs, result }])), [
    "          precision  s/image  median  PyTorch f32  bf16  OpenVINO  peak MiB  steps",
    "wasm           int8    0.500   0.500            –     –    0.50 ×         3      1",
    "openvino       int8    0.250   0.250            –     –    1.00 ×         3      1",
    "openvino int8: latency hint",
  ]);
});

Deno.test("the table's columns line up", () => {
  assertEquals(tableOf(toResults(outcomes).slice(0, 1)), [
    "      precision  s/image  median  PyTorch f32    bf16  peak MiB  steps",
    "wasm    float32    0.500   0.550       4.00 ×  2.00 ×         3      3",
  ]);
});

Deno.test("warm-up and steps are done, or fewer where they are slow", () => {
  const request = measurement({ steps: 3, warmUp: 2, limit: 60 });
  assertEquals(isEnough([1, 1, 1, 1], request), false);
  assertEquals(isEnough([1, 1, 1, 1, 1], request), true);
  assertEquals(isEnough([100], request), false);
  assertEquals(isEnough([100, 100], request), true);
  assertEquals(afterWarmUp([5, 4, 3, 2, 1], request), [3, 2, 1]);
  assertEquals(afterWarmUp([100, 99], request), [99]);
});
