import { assertEquals } from "@std/assert";
import fc from "fast-check";
import torchvision from "./fixtures/torchvision_vgg16.json" with {
  type: "json",
};
import { encoderNames } from "./plan.ts";
import { scaleChannels, vgg16Blocks } from "./vgg16.ts";

for (const encoder of encoderNames) {
  Deno.test(`vgg16Blocks() has the names and shapes of torchvision's ${encoder}`, () => {
    const shapes: Record<string, number[]> = {};
    for (const layer of vgg16Blocks(encoder, 1).flat()) {
      const { name, batchNorm, input, output } = layer;
      shapes[`${name}.weight`] = [output, input, 3, 3];
      shapes[`${name}.bias`] = [output];
      if (batchNorm === undefined) continue;
      for (const tensor of ["weight", "bias", "running_mean", "running_var"]) {
        shapes[`${batchNorm}.${tensor}`] = [output];
      }
    }
    const expected = Object.entries<number[]>(torchvision[encoder])
      .map(([name, shape]) => [`encoder.${name}`, shape]);
    assertEquals(Object.entries(shapes), expected);
  });
}

Deno.test("vgg16Blocks() has five blocks of 2, 2, 3, 3 and 3 convolutions", () => {
  for (const encoder of encoderNames) {
    const blocks = vgg16Blocks(encoder, 1);
    assertEquals(blocks.map((block) => block.length), [2, 2, 3, 3, 3]);
  }
});

Deno.test("vgg16Blocks() scales all channels but the image's", () => {
  const layers = vgg16Blocks("vgg16", 1 / 4).flat();
  assertEquals(
    layers.map(({ input, output }) => [input, output]).slice(0, 3),
    [[3, 16], [16, 16], [16, 32]],
  );
});

Deno.test("scaleChannels() rounds and keeps at least one channel", () => {
  assertEquals(scaleChannels(64, 1), 64);
  assertEquals(scaleChannels(64, 0.05), 3);
  assertEquals(scaleChannels(64, 0.055), 4);
  assertEquals(scaleChannels(64, 1e-6), 1);
  assertEquals(scaleChannels(64, 4), 256);
});

Deno.test("vgg16Blocks() chains: each convolution takes what the one before gives", () => {
  fc.assert(fc.property(
    fc.constantFrom(...encoderNames),
    fc.double({ min: 1e-3, max: 4, noNaN: true }),
    (encoder, width) => {
      let channels = 3;
      for (const { input, output } of vgg16Blocks(encoder, width).flat()) {
        assertEquals(input, channels);
        channels = output;
      }
    },
  ));
});
