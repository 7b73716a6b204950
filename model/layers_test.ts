import { assertEquals } from "@std/assert";
import { layersOf } from "./layers.ts";
import { completePlan, type ModelPlan } from "./plan.ts";

Deno.test("layersOf() has 27 convolutions of 3×3: 13 down, 4 at the bottom, 10 up", () => {
  const { encoder, bottleneck, decoder } = layersOf(completePlan());
  assertEquals(encoder.flat().length, 13);
  assertEquals(bottleneck.length, 4);
  assertEquals(decoder.flatMap((step) => step.convolutions).length, 10);
});

Deno.test("layersOf() lays out the report's bottleneck, decoder and head", () => {
  const { bottleneck, decoder, head } = layersOf(completePlan());
  assertEquals(
    bottleneck.map(({ input, output }) => [input, output]),
    [[512, 1024], [1024, 1024], [1024, 1024], [1024, 512]],
  );
  assertEquals(
    decoder.map(({ up, skip, convolutions }) => [
      [up.input, up.output],
      skip,
      ...convolutions.map(({ input, output }) => [input, output]),
    ]),
    [
      [[512, 512], 512, [1024, 512], [512, 512]],
      [[512, 256], 512, [768, 256], [256, 256]],
      [[256, 128], 256, [384, 128], [128, 128]],
      [[128, 64], 128, [192, 64], [64, 64]],
      [[64, 32], 64, [96, 32], [32, 32]],
    ],
  );
  assertEquals(head, { name: "head", input: 32, output: 1 });
});

Deno.test("layersOf() numbers layers as PyTorch's nn.Sequential, ReLU counted in", () => {
  const named = (batchNorm: boolean) => {
    const { bottleneck, decoder } = layersOf(completePlan({ batchNorm }));
    return [...bottleneck, ...decoder[3]!.convolutions]
      .map((layer) => [layer.name, layer.batchNorm]);
  };
  assertEquals(named(true), [
    ["bottleneck.0", "bottleneck.1"],
    ["bottleneck.3", "bottleneck.4"],
    ["bottleneck.6", "bottleneck.7"],
    ["bottleneck.9", "bottleneck.10"],
    ["decoder.3.convolutions.0", "decoder.3.convolutions.1"],
    ["decoder.3.convolutions.3", "decoder.3.convolutions.4"],
  ]);
  assertEquals(named(false), [
    ["bottleneck.0", undefined],
    ["bottleneck.2", undefined],
    ["bottleneck.4", undefined],
    ["bottleneck.6", undefined],
    ["decoder.3.convolutions.0", undefined],
    ["decoder.3.convolutions.2", undefined],
  ]);
});

Deno.test("layersOf() leaves the encoder's batch norm to the encoder's name", () => {
  const { encoder, bottleneck } = layersOf(
    completePlan({ network: "vgg16_bn", batchNorm: false }),
  );
  assertEquals(encoder[0]![0]!.batchNorm, "encoder.features.1");
  assertEquals(bottleneck[0]!.batchNorm, undefined);
});

Deno.test("layersOf() takes the decoder's channels from the plan, times the width", () => {
  const { decoder, head } = layersOf(
    completePlan({ width: 0.5, decoderChannels: [100, 60, 40, 20, 9] }),
  );
  assertEquals(decoder.map(({ up }) => up.output), [50, 30, 20, 10, 5]);
  assertEquals(decoder.map(({ skip }) => skip), [256, 256, 128, 64, 32]);
  assertEquals(head.input, 5);
});

Deno.test("layersOf() gives the head one channel more for borders", () => {
  const channels = (plan: Partial<ModelPlan>): number =>
    layersOf(completePlan(plan)).head.output;
  assertEquals([channels({}), channels({ outputs: 2 })], [1, 2]);
  assertEquals(channels({ network: "unet" }), 2);
  assertEquals(channels({ network: "unet", outputs: 2 }), 3);
});
