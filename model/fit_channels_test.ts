import "@tensorflow/tfjs-backend-cpu";
import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import * as tf from "@tensorflow/tfjs-core";
import { ModelError } from "@unet/errors";
import { createRandom } from "@unet/random";
import { channelInput, objectTask } from "@unet/task";
import { createModel } from "./create_model.ts";
import { fitKernel, fitNormalization } from "./fit_channels.ts";
import { serializeTorch } from "./files/serialize_torch.ts";
import { parseWeights, type WeightsFile } from "./files/weights_file.ts";
import { torchTensors } from "./model_file.ts";
import { imagenetNormalization, type ModelPlan } from "./plan.ts";
import { createPretrained } from "./pretrained.ts";
import fixture from "./fixtures/fit_channels.json" with { type: "json" };

await tf.setBackend("cpu");

for (const { channels, kernel } of fixture.fitted) {
  Deno.test(`fitKernel() gives what timm makes of three channels for ${channels}`, () => {
    const { outputs } = fixture;
    const found = fitKernel(Float32Array.from(fixture.kernel), {
      channels,
      outputs,
    });
    assertEquals(found.length, kernel.length);
    found.forEach((value, at) => assertAlmostEquals(value, kernel[at]!, 1e-6));
  });
}

Deno.test("fitNormalization() takes the mean of three for one channel, and the three in turn for several", () => {
  const normalization = { mean: [0.1, 0.2, 0.6], deviation: [1, 2, 6] };
  assertEquals(fitNormalization(normalization, 3), normalization);
  const one = fitNormalization(normalization, 1);
  assertAlmostEquals(one.mean[0]!, 0.3, 1e-12);
  assertEquals(one.deviation, [3]);
  assertEquals(fitNormalization(normalization, 5), {
    mean: [0.1, 0.2, 0.6, 0.1, 0.2],
    deviation: [1, 2, 6, 1, 2],
  });
});

const named = (count: number) =>
  objectTask({ input: channelInput([...Array(count).keys()]) });

const plans: readonly Partial<ModelPlan>[] = [
  { network: "vgg16_bn", width: 0.05 },
  { network: "resnet34", width: 0.05 },
  { network: "unet", width: 0.05 },
];

async function fileOf(plan: Partial<ModelPlan>): Promise<WeightsFile> {
  const model = createModel(plan, createRandom(5));
  const pieces = serializeTorch(await torchTensors(model));
  model.dispose();
  return parseWeights(
    new Uint8Array(await new Blob(pieces).arrayBuffer()),
    "color.pth",
  );
}

for (const plan of plans) {
  Deno.test(`createPretrained() of ${plan.network} sees the same in one or six equal channels as in gray`, async () => {
    const file = await fileOf(plan), side = plan.network === "unet" ? 188 : 64;
    // With one mean and deviation, gray tripled is three equal channels.
    const input = { mean: [0.4, 0.4, 0.4], deviation: [0.2, 0.2, 0.2] };
    const gray = tf.randomUniform<tf.Rank.R4>(
      ...[[1, side, side, 1] as [number, number, number, number]],
      ...[0, 1, "float32" as const, 7],
    );
    const outputs = [3, 1, 6].map((count) => {
      const { model, mapping } = createPretrained(
        count === 3 ? plan : { ...plan, task: named(count) },
        file,
        createRandom(0),
        { input },
      );
      assertEquals(mapping.fitted.length, count === 3 ? 0 : 1);
      assertEquals(model.plan.normalization.mean.length, count);
      const values = tf.tidy(() =>
        model.forward(tf.tile(gray, [1, 1, 1, count]), { training: false })
          .dataSync()
      );
      model.dispose();
      return values;
    });
    const [color, ...others] = outputs;
    for (const other of others) {
      other.forEach((value, at) =>
        assertAlmostEquals(
          value,
          color![at]!,
          1e-4 * Math.abs(color![at]!) + 1e-5,
        )
      );
    }
    gray.dispose();
  });
}

Deno.test("createPretrained() refuses a first convolution of neither three channels nor the network's", async () => {
  const [plan] = plans;
  const file = await fileOf({ ...plan, task: named(2) });
  const { message } = assertThrows(
    () => createPretrained({ ...plan, task: named(4) }, file, createRandom(0)),
    ModelError,
  );
  assertEquals(
    message.includes(
      "encoder.features.0.weight is F32 [3,2,3,3], expected [3,4,3,3]",
    ),
    true,
    message,
  );
});

Deno.test("createModel() takes as many channels as its task names, and refuses others", () => {
  for (const count of [1, 2, 5]) {
    const model = createModel(
      { ...plans[0], task: named(count) },
      createRandom(1),
    );
    const { mean } = model.plan.normalization;
    assertEquals(mean, fitNormalization(imagenetNormalization, count).mean);
    const shape = (channels: number): [number, number, number, number] => [
      ...[1, 32, 32] as const,
      channels,
    ];
    const y = tf.tidy(() =>
      model.forward(tf.zeros(shape(count)), { training: false }).shape
    );
    assertEquals(y, [1, 32, 32, 1]);
    assertThrows(
      () =>
        tf.tidy(() => model.forward(tf.zeros(shape(3)), { training: false })),
      TypeError,
      `found shape [1,32,32,3], expected [N, H, W, ${count}]`,
    );
    model.dispose();
  }
});
