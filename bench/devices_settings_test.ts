import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "@unet/errors";
import { readSettings } from "./devices_settings.ts";

Deno.test("without flags the report's network is measured at batch 4 and 16", () => {
  assertEquals(readSettings([], 2), {
    device: null,
    batches: [4, 16],
    width: 1,
    size: 256,
    steps: 5,
    rounds: 1,
    precision: null,
    mode: null,
    live: false,
    threads: 2,
    peers: ["torch", "torch-compile"],
    needsPeers: false,
    json: false,
    profile: false,
    out: null,
  });
});

Deno.test("every flag is read", () => {
  const args = "--device wasm --batch 2 --width 0.125 --size 64 --steps 3 " +
    "--precision mixed --mode train --loader live --threads 1 --rounds 2 " +
    "--peers tensorflow,torch --json --profile --out results.json";
  assertEquals(readSettings(args.split(" "), 2), {
    device: "wasm",
    batches: [2],
    width: 0.125,
    size: 64,
    steps: 3,
    rounds: 2,
    precision: "mixed",
    mode: "train",
    live: true,
    threads: 1,
    peers: ["tensorflow", "torch"],
    needsPeers: true,
    json: true,
    profile: true,
    out: "results.json",
  });
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
    ["--batch four", '"--batch": found "four", expected a whole number'],
    ["--out=", '"--out": found no value, expected a value'],
    ["--width 0", '"--width": found "0", expected a number above 0'],
    ["--width wide", '"--width": found "wide", expected a number above 0'],
    ["--size 100", '"--size": found "100", expected a multiple of 32'],
    ["--precision bf16", '"bf16", expected float32 or mixed'],
    ["--mode both", '"both", expected train or infer'],
    ["--peers torch,jax", '"torch,jax", expected none, or of torch,'],
  ] as const
) {
  Deno.test(`${args} is refused`, () => {
    assertThrows(() => readSettings(args.split(" "), 2), UsageError, message);
  });
}
