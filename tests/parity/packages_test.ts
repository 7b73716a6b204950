/**
 * bioimage.io packages, run by ONNX Runtime after the steps that they
 * describe, against the test output that our own network computed; and, in the
 * Python that `UNET_BIOIMAGEIO` names, by bioimageio.core.
 */
import { parse } from "yaml";
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import {
  fitSteps,
  packageFiles,
  parseNpy,
  preprocessingOf,
  type Tensor,
} from "@unet/bioimageio";
import { completePlan, readModel } from "@unet/model";
import * as onnx from "onnxruntime-node";
import { packaged, writePackages } from "./write_packages.ts";
import { readZip } from "./_read_zip.ts";

let folder = "";

Deno.test.beforeAll(async () => {
  folder = await Deno.makeTempDir({ prefix: "unet-packages-" });
  await writePackages(folder);
});

Deno.test.afterAll(async () => {
  await Deno.remove(folder, { recursive: true });
});

/** A test tensor of a package, without the axis of the batch. */
function tensorIn(file: Uint8Array): Tensor {
  const { shape, values } = parseNpy(file, "test tensor");
  const [, channels = 0, height = 0, width = 0] = shape;
  return { channels, height, width, data: values };
}

for (const [name, { plan }] of Object.entries(packaged)) {
  Deno.test(`ONNX Runtime computes the test output of a package: ${name}`, async () => {
    const files = await readZip(`${folder}/${name}.zip`);
    const { inputs, outputs } = parse(
      new TextDecoder().decode(files.get(packageFiles.description)),
    );
    const { task } = plan
      ? completePlan(plan)
      : (await readModel(`models/${name}`)).plan;
    const { steps } = preprocessingOf(task.input);
    const own = inputs[0].preprocessing.slice(1, -1);
    assertEquals(
      own.map(({ id }: { id: string }) => id),
      steps.map(({ id }) => id),
    );
    const input = tensorIn(files.get(packageFiles.testInput)!);
    const expected = tensorIn(files.get(packageFiles.testOutput)!);
    const { result: { channels, height, width, data } } = fitSteps(
      steps,
      input,
    );
    const session = await onnx.InferenceSession.create(
      files.get(packageFiles.weights)!,
    );
    const found = await session.run({
      [inputs[0].id]: new onnx.Tensor("float32", data, [
        ...[1, channels, height, width],
      ]),
    });
    await session.release();
    assertEquals(Object.keys(found), [outputs[0].id]);
    const { dims, data: values } = found[outputs[0].id]!;
    assertEquals(dims, [
      ...[1, expected.channels, expected.height, expected.width],
    ]);
    expected.data.forEach((value, at) =>
      assertAlmostEquals((values as Float32Array)[at]!, value, 1e-4)
    );
  });
}

const python = Deno.env.get("UNET_BIOIMAGEIO");
if (!python) {
  // deno-lint-ignore no-console
  console.log(
    "Skipping packages tested by bioimageio.core: UNET_BIOIMAGEIO names no " +
      "Python that has it",
  );
}

Deno.test({
  name: "bioimageio.core passes the packages",
  ignore: !python,
  async fn() {
    const script = fromFileUrl(new URL("check_packages.py", import.meta.url));
    const { success, stdout } = await new Deno.Command(python!, {
      args: [script, folder],
      stderr: "null",
    }).output();
    assertEquals(success, true, new TextDecoder().decode(stdout));
  },
});
