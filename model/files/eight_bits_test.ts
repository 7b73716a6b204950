import { assertEquals, assertThrows } from "@std/assert";
import { ModelError } from "@unet/errors";
import fc from "fast-check";
import stored from "../fixtures/eight_bits.json" with { type: "json" };
import { scaleNameOf, toEightBits, withoutEightBits } from "./eight_bits.ts";
import {
  floatValues,
  parseSafetensors,
  type SafetensorsFile,
  type SafetensorsView,
  serializeSafetensors,
} from "./safetensors.ts";

function floatsOf(bits: readonly number[]): Float32Array {
  return new Float32Array(Uint32Array.from(bits).buffer);
}

function viewOf(
  shape: readonly number[],
  values: Float32Array<ArrayBuffer>,
): SafetensorsView {
  return { dtype: "F32", shape, bytes: new Uint8Array(values.buffer) };
}

function fileOf(
  tensors: Readonly<Record<string, SafetensorsView>>,
): SafetensorsFile {
  return { tensors: new Map(Object.entries(tensors)), metadata: {} };
}

for (const [name, known] of Object.entries(stored)) {
  Deno.test(`toEightBits() and withoutEightBits() round as ONNX Runtime does: ${name}`, async () => {
    const { axis, shape, values } = known;
    const { whole, scale } = toEightBits(
      { shape, values: floatsOf(values) },
      axis,
    );
    assertEquals([...new Int8Array(new Uint8Array(whole.bytes).buffer)], [
      ...known.whole,
    ]);
    assertEquals(scale.values, floatsOf(known.scales));
    const pieces = serializeSafetensors(
      new Map<string, SafetensorsView | typeof scale>([
        ["w", whole],
        [scaleNameOf("w"), scale],
      ]),
    );
    const file = parseSafetensors(await new Blob(pieces).bytes(), "x");
    const { tensors } = withoutEightBits(file, "x");
    assertEquals([...tensors.keys()], ["w"]);
    assertEquals(tensors.get("w")!.shape, shape);
    assertEquals(floatValues(tensors.get("w")!), floatsOf(known.back));
  });
}

Deno.test("toEightBits() changes nothing of what was rounded before, whatever the values", () => {
  const tensors = fc.tuple(
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 1, max: 5 }),
  ).chain(([rows, columns]) =>
    fc.float32Array({
      minLength: rows * columns,
      maxLength: rows * columns,
      ...{
        noNaN: true,
        noDefaultInfinity: true,
        min: -(2 ** 126),
        max: 2 ** 126,
      },
    }).map((values) => ({ shape: [rows, columns], values }))
  );
  fc.assert(fc.property(tensors, fc.nat(1), (tensor, axis) => {
    const back = (from: typeof tensor): Float32Array => {
      const { whole, scale } = toEightBits(from, axis);
      const file = fileOf({
        w: whole,
        w_scale: viewOf(scale.shape, Float32Array.from(scale.values)),
      });
      return floatValues(withoutEightBits(file, "x").tensors.get("w")!);
    };
    const once = back(tensor);
    const twice = back({ ...tensor, values: Float32Array.from(once) });
    const largest = Math.max(...tensor.values.map(Math.abs));
    for (const [at, value] of once.entries()) {
      // Half a step; numbers that float32 holds with few bits have no steps.
      const step = Math.max(largest / 127, 2 ** -126);
      const isNear = Math.abs(value - tensor.values[at]!) <= 0.51 * step;
      const isSame = Math.abs(value - twice[at]!) <= 1e-6 * step;
      assertEquals([isNear, isSame], [true, true]);
    }
  }));
});

Deno.test("withoutEightBits() leaves a file of floating point as it is, and scales of nothing", () => {
  const values = new Float32Array([1, 2]);
  const file = fileOf({
    w: viewOf([2], values),
    w_scale: viewOf([1], new Float32Array([3])),
  });
  assertEquals(withoutEightBits(file, "x"), file);
});

const eight = { dtype: "I8", shape: [2, 3], bytes: new Uint8Array(6) } as const;
const misfits: [string, SafetensorsView | undefined, string][] = [
  ["no scales", undefined, "no scales"],
  ["another rank", viewOf([2], new Float32Array(2)), "scales F32 [2]"],
  ["more channels", viewOf([3, 1], new Float32Array(3)), "scales F32 [3,1]"],
  ["two axes", viewOf([2, 3], new Float32Array(6)), "scales F32 [2,3]"],
  ["integers", { ...eight, shape: [2, 1], bytes: new Uint8Array(2) }, ""],
];
for (const [what, scale, found] of misfits) {
  Deno.test(`withoutEightBits() refuses scales that do not fit: ${what}`, () => {
    const file = fileOf({ w: eight, ...scale && { w_scale: scale } });
    const error = assertThrows(() => withoutEightBits(file, "x"), ModelError);
    assertEquals(
      error.message,
      'Cannot read safetensors file "x": found 8-bit tensor "w" of shape ' +
        `[2,3] with ${found || "scales I8 [2,1]"}, expected "w_scale", ` +
        "floating point, a scale per channel",
    );
  });
}
