import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { ModelError } from "@unet/errors";
import { fitSteps } from "./fit_steps.ts";
import { type ElementType, elementTypes, type Step } from "./step.ts";
import type { Tensor } from "./tensor.ts";
import stored from "./fixtures/steps.json" with { type: "json" };

const [channels, height, width] = stored.shape as [number, number, number];

const image: Tensor = {
  ...{ channels, height, width },
  data: new Float32Array(stored.image),
};

const whole = { perChannel: false, eps: 1e-6 } as const;
const each = { perChannel: true, eps: 1e-6 } as const;

/** The steps that `make_steps.py` computed with numpy, by their names there. */
const cases: Record<keyof typeof stored.results, Step[]> = {
  "scale_range of all channels": [
    { id: "scale_range", low: 1, high: 99.8, ...whole },
  ],
  "scale_range per channel": [{ id: "scale_range", low: 5, high: 90, ...each }],
  "zero_mean_unit_variance of all channels": [
    { id: "zero_mean_unit_variance", ...whole },
  ],
  "zero_mean_unit_variance per channel": [
    { id: "zero_mean_unit_variance", ...each },
  ],
  "clip by percentiles": [{
    id: "clip",
    low: { percentile: 10 },
    high: { percentile: 80 },
    perChannel: false,
  }],
  "scale_linear, sigmoid": [
    { id: "scale_linear", gain: [0.01], offset: [-3] },
    { id: "sigmoid" },
  ],
  "scale_linear per channel, softmax": [
    { id: "scale_linear", gain: [0.01, 0.02], offset: [0] },
    { id: "softmax" },
  ],
  "scale_range, clip, binarize": [
    { id: "scale_range", low: 1, high: 99.8, ...whole },
    {
      id: "clip",
      low: { value: 0 },
      high: { value: 1 },
      perChannel: false,
    },
    { id: "binarize", threshold: [0.5] },
  ],
  "fixed_zero_mean_unit_variance": [
    { id: "fixed_zero_mean_unit_variance", mean: [3, 5], std: [2, 4] },
  ],
};

for (const [name, steps] of Object.entries(cases)) {
  Deno.test(`fitSteps() computes what numpy does: ${name}`, () => {
    const expected = stored.results[name as keyof typeof cases];
    const { result } = fitSteps(steps, image);
    expected.forEach((value, at) =>
      assertAlmostEquals(result.data[at]!, value, 1e-5 * (1 + Math.abs(value)))
    );
  });

  Deno.test(`fitSteps() gives a window what the whole has there: ${name}`, () => {
    const { result, apply } = fitSteps(steps, image);
    const columns = ({ data }: Tensor): Tensor => ({
      ...{ channels, height, width: 3 },
      data: data.filter((_, at) => at % width < 3),
    });
    assertEquals(apply(columns(image)), columns(result));
  });
}

Deno.test("fitSteps() casts as C does, and refuses values that do not fit", () => {
  const castTo = (dtype: ElementType, values: number[]) => {
    const data = new Float32Array(values);
    const tensor = { channels: 1, height: 1, width: values.length, data };
    return [...fitSteps([{ id: "ensure_dtype", dtype }], tensor).result.data];
  };
  assertEquals(castTo("uint8", [1.9, 255]), [1, 255]);
  assertEquals(castTo("int16", [-1.9]), [-1]);
  assertEquals(castTo("bool", [0, 3]), [0, 1]);
  assertEquals(castTo("float64", [0.5]), [0.5]);
  for (const dtype of elementTypes) assertEquals(castTo(dtype, [1]), [1]);
  for (const dtype of ["uint8", "int8", "uint16", "uint32"] as const) {
    assertThrows(() => castTo(dtype, [-200]), ModelError, `"${dtype}"`);
    assertThrows(() => castTo(dtype, [NaN]), ModelError, "found the value NaN");
  }
});
