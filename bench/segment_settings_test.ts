import { assertEquals, assertThrows } from "@std/assert";
import { UsageError } from "@unet/errors";
import { readSegmentSettings } from "./segment_settings.ts";

Deno.test("without flags a plate, a large image and a start are measured", () => {
  assertEquals(readSegmentSettings([], 2), {
    works: ["plate", "large", "start"],
    images: 200,
    size: 256,
    large: { width: 4704, height: 6240 },
    model: "nuclei",
    device: null,
    precision: null,
    rounds: 3,
    threads: 2,
    peer: null,
    json: false,
    out: null,
  });
});

Deno.test("every flag is read", () => {
  const args = "--works large,plate --images 3 --size 64 --large 100x200 " +
    "--model runs/first --device wasm --precision int8 --rounds 1 " +
    "--threads 1 --peers openvino --json --out results.json";
  assertEquals(readSegmentSettings(args.split(" "), 2), {
    works: ["large", "plate"],
    images: 3,
    size: 64,
    large: { width: 100, height: 200 },
    model: "runs/first",
    device: "wasm",
    precision: "int8",
    rounds: 1,
    threads: 1,
    peer: "openvino",
    json: true,
    out: "results.json",
  });
});

for (
  const [args, message] of [
    ["plate", 'Cannot use argument "plate": found no such argument'],
    [
      "--works plate,",
      '"--works": found "plate,", expected of plate,large,start',
    ],
    [
      "--works slide",
      '"--works": found "slide", expected of plate,large,start',
    ],
    ["--images 0", '"--images": found "0", expected a whole number from 1'],
    ["--size 100", '"--size": found "100", expected a multiple of 32'],
    ["--large 4704", '"--large": found "4704", expected WIDTHxHEIGHT'],
    ["--large 31x64", '"--large": found "31x64", expected WIDTHxHEIGHT'],
    ["--large 64x1000000", '"64x1000000", expected WIDTHxHEIGHT'],
    ["--peers torch", '"torch", expected openvino or none'],
    ["--precision bf16", '"bf16", expected float32 or mixed or int8'],
  ] as const
) {
  Deno.test(`${args} is refused`, () => {
    assertThrows(
      () => readSegmentSettings(args.split(" "), 2),
      UsageError,
      message,
    );
  });
}
