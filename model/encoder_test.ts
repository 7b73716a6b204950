import { assertEquals } from "@std/assert";
import fc from "fast-check";
import torchvision from "./fixtures/torchvision_vgg16.json" with {
  type: "json",
};
import { encoderBlocks, scaleChannels } from "./encoder.ts";

const vggNames = ["vgg16_bn", "vgg16"] as const;

for (const encoder of vggNames) {
  Deno.test(`encoderBlocks() has the names and shapes of torchvision's ${encoder}`, () => {
    const shapes: Record<string, number[]> = {};
    for (
      const layer of encoderBlocks({ encoder, width: 1, batchNorm: false })
        .flat()
    ) {
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

Deno.test("encoderBlocks() has five blocks of 2, 2, 3, 3 and 3 convolutions", () => {
  for (const encoder of vggNames) {
    const blocks = encoderBlocks({ encoder, width: 1, batchNorm: false });
    assertEquals(blocks.map((block) => block.length), [2, 2, 3, 3, 3]);
  }
});

Deno.test("encoderBlocks() scales all channels but the image's", () => {
  const layers = encoderBlocks({
    network: "vgg16",
    width: 1 / 4,
    batchNorm: false,
  }).flat();
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

Deno.test("encoderBlocks() chains: each convolution takes what the one before gives", () => {
  fc.assert(fc.property(
    fc.constantFrom(...vggNames),
    fc.double({ min: 1e-3, max: 4, noNaN: true }),
    (encoder, width) => {
      let channels = 3;
      for (
        const { input, output } of encoderBlocks({
          encoder,
          width,
          batchNorm: false,
        }).flat()
      ) {
        assertEquals(input, channels);
        channels = output;
      }
    },
  ));
});

Deno.test("encoderBlocks() lays out the Paper's contracting path, with batch norm or without", () => {
  const named = (batchNorm: boolean) =>
    encoderBlocks({ network: "unet", width: 1, batchNorm }).map((block) =>
      block.map(({ name, output }) => `${name.slice(17)}:${output}`)
    );
  assertEquals(named(false), [
    ["0:64", "2:64"],
    ["5:128", "7:128"],
    ["10:256", "12:256"],
    ["15:512", "17:512"],
  ]);
  assertEquals(named(true)[1], ["7:128", "10:128"]);
});
