import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "@unet/errors";
import { readSettings } from "./devices_settings.ts";

const modes = ["train", "infer"];

Deno.test("without flags the networks, batches and images of most users are measured", () => {
  assertEquals<unknown>(readSettings([], 2), {
    device: null,
    shapes: [
      { width: 0.25, size: 256, batch: 8, modes },
      { width: 0.25, size: 1024, batch: 1, modes: ["infer"] },
      { width: 0.5, size: 256, batch: 8, modes },
      { width: 1, size: 256, batch: 4, modes },
      { width: 1, size: 256, batch: 16, modes },
    ],
    steps: 5,
    rounds: 1,
    precision: null,
    live: false,
    standard: false,
    threads: 2,
    peers: ["torch", "openvino", "onnxruntime"],
    needsPeers: false,
    json: false,
    profile: false,
    out: null,
  });
});

Deno.test("every flag is read", () => {
  const args = "--device wasm --batch 2 --width 0.125 --size 64 --steps 3 " +
    "--precision mixed --mode train --loader live --recipe standard --threads 1 --rounds 2 " +
    "--peers tensorflow,torch --json --profile --out results.json";
  assertEquals<unknown>(readSettings(args.split(" "), 2), {
    device: "wasm",
    shapes: [{ width: 0.125, size: 64, batch: 2, modes: ["train"] }],
    steps: 3,
    rounds: 2,
    precision: "mixed",
    live: true,
    standard: true,
    threads: 1,
    peers: ["tensorflow", "torch"],
    needsPeers: true,
    json: true,
    profile: true,
    out: "results.json",
  });
});

Deno.test("--width and --batch take lists, a width its own batches", () => {
  const shapes = (flags: string) =>
    readSettings(flags.split(" "), 2).shapes.map(({ width, size, batch }) => [
      width,
      size,
      batch,
    ]);
  assertEquals(shapes("--width 0.5,1 --mode train"), [
    [0.5, 256, 8],
    [1, 256, 4],
    [1, 256, 16],
  ]);
  assertEquals(shapes("--width 0.25,2 --batch 1,2 --size 64"), [
    [0.25, 64, 1],
    [0.25, 64, 2],
    [2, 64, 1],
    [2, 64, 2],
  ]);
  assertEquals(shapes("--width 0.25 --mode train"), [[0.25, 256, 8]]);
});

Deno.test("--peers none is no fault where there are no peers", () => {
  const { peers, needsPeers } = readSettings(["--peers", "none"], 2);
  assertEquals([peers, needsPeers], [[], false]);
});

for (
  const [args, message] of [
    ["--stpes 3", 'Cannot use argument "--stpes": found no such argument'],
    ["wasm", 'Cannot use argument "wasm": found no such argument'],
    ["--batch 0", '"--batch": found "0", expected a whole number from 1'],
    ["--batch 2.5", '"--batch": found "2.5", expected a whole number from 1'],
    ["--batch 4,", '"--batch": found no value, expected a whole number from 1'],
    ["--width 0.5,5", '"--width": found "5", expected a number above 0'],
    ["--batch four", '"--batch": found "four", expected a whole number'],
    ["--out=", '"--out": found no value, expected a value'],
    ["--width 0", '"--width": found "0", expected a number above 0'],
    ["--width wide", '"--width": found "wide", expected a number above 0'],
    ["--size 100", '"--size": found "100", expected a multiple of 32'],
    ["--size 0", '"--size": found "0", expected a whole number from 1'],
    ["--precision bf16", '"bf16", expected float32 or mixed'],
    ["--recipe report", '"report", expected plain or standard'],
    ["--mode both", '"both", expected train or infer'],
    ["--peers torch,jax", '"torch,jax", expected none, or of torch,'],
  ] as const
) {
  Deno.test(`${args} is refused`, () => {
    assertThrows(() => readSettings(args.split(" "), 2), UsageError, message);
  });
}
