import "@tensorflow/tfjs-backend-cpu";
import { assert, assertEquals } from "@std/assert";
import { createRandom } from "@unet/random";
import { createModel } from "./create_model.ts";
import { parseSafetensors, serializeSafetensors } from "./files/safetensors.ts";
import { torchTensors } from "./model_file.ts";
import type { ModelPlan } from "./plan.ts";
import { quantizeKernels } from "./quantize_kernels.ts";

const plans: Record<string, Partial<ModelPlan>> = {
  "the report's": { width: 0.02 },
  "one without batch norm": { network: "vgg16", batchNorm: false, width: 0.02 },
  residual: { network: "resnet34", width: 0.05 },
  "the Paper's": { network: "unet", width: 0.05, batchNorm: false },
};

for (const [name, plan] of Object.entries(plans)) {
  Deno.test(`quantizeKernels() gives each kernel a scale per output, and leaves the rest: ${name}`, async () => {
    const model = createModel(plan, createRandom(1));
    const tensors = await torchTensors(model);
    const pieces = serializeSafetensors(quantizeKernels(model.plan, tensors));
    const file = parseSafetensors(await new Blob(pieces).bytes(), "x");
    let kernels = 0, end = 0;
    for (const [tensor, { dtype, shape, bytes }] of file.tensors) {
      // Each starts at a multiple of its elements' size.
      if (dtype === "F32") assertEquals(end % 4, 0);
      end += bytes.length;
      if (dtype === "F32") continue;
      kernels++;
      assertEquals([dtype, shape], ["I8", tensors.get(tensor)!.shape]);
      const isUp = /up\.weight$|up\d*\.weight$/.test(tensor);
      const expected = isUp ? [1, shape[1]!, 1, 1] : [shape[0]!, 1, 1, 1];
      assertEquals(file.tensors.get(`${tensor}_scale`)!.shape, expected);
      // Of each channel, the largest is 127.
      const whole = new Int8Array(new Uint8Array(bytes).buffer);
      assert(whole.some((value) => Math.abs(value) === 127));
      assert(whole.every((value) => value >= -127));
    }
    assert(kernels > 10);
    assertEquals(file.tensors.size, tensors.size + kernels);
    model.dispose();
  });
}
