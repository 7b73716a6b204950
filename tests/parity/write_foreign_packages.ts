/**
 * Writes bioimage.io packages as other programs do, of both versions of the
 * specification and with other processing than ours, for
 * `predict_foreign_packages.py`:
 *
 *     deno run -P=test write_foreign_packages.ts FOLDER
 */
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { encodeNpy, sha256 } from "@unet/bioimageio";
import { makeFolder, writeFile } from "@unet/files";
import { createModel, serializeOnnx, torchTensors } from "@unet/model";
import { createRandom } from "@unet/random";
import { channelInput, objectTask } from "@unet/task";
import { stringify } from "yaml";
import { fill, noise } from "./_formula.ts";

const side = 96, channels = 2;

/** The test input: two channels of different ranges. */
export function foreignImage(): Float32Array {
  return Float32Array.from(
    noise(channels * side * side, 7),
    (value, at) => Math.floor((value + 1) * (at < side * side ? 900 : 40)),
  );
}

const both = ["channel", "y", "x"], plane = ["y", "x"];

/** Processing in the words of each version, by the packages' names. */
export const foreign: Readonly<
  Record<
    string,
    { readonly version: 4 | 5; readonly before: object; readonly after: object }
  >
> = {
  unit5: {
    version: 5,
    before: { id: "zero_mean_unit_variance", kwargs: { axes: plane } },
    after: { id: "clip", kwargs: { min: 0.2, max: 0.9 } },
  },
  range5: {
    version: 5,
    before: {
      id: "scale_range",
      kwargs: { axes: both, min_percentile: 1, max_percentile: 99.8 },
    },
    after: { id: "scale_linear", kwargs: { gain: 0.5, offset: 0.1 } },
  },
  range4: {
    version: 4,
    before: {
      name: "scale_range",
      kwargs: {
        ...{ mode: "per_sample", axes: "xy" },
        ...{ min_percentile: 5, max_percentile: 95 },
      },
    },
    after: { name: "sigmoid" },
  },
  unit4: {
    version: 4,
    before: {
      name: "zero_mean_unit_variance",
      kwargs: { mode: "per_sample", axes: "cxy" },
    },
    after: { name: "clip", kwargs: { min: 0.3, max: 0.8 } },
  },
};

/** Writes them, a folder each. */
export async function writeForeignPackages(folder: string): Promise<void> {
  await tf.setBackend("cpu");
  const input = channelInput(["DAPI", "actin"]);
  const task = objectTask({ borderWeight: 0.1, input });
  const model = createModel({ width: 1 / 32, task }, createRandom(0));
  fill(model);
  const weights = await new Blob(
    serializeOnnx(model.plan, await torchTensors(model), {
      ...{ sizes: "fitting", stretch: false, outputs: "joined" },
    }),
  ).bytes();
  model.dispose();
  const shape = [1, channels, side, side];
  const files: Record<string, Uint8Array> = {
    "weights.onnx": weights,
    "input.npy": encodeNpy({ shape, values: foreignImage() }),
    // What it would be is what the script computes.
    "output.npy": encodeNpy({
      shape,
      values: new Float32Array(2 * side ** 2).fill(1),
    }),
    "README.md": new TextEncoder().encode("# Validation\n"),
  };
  for (const [name, { version, before, after }] of Object.entries(foreign)) {
    await makeFolder(`${folder}/${name}`);
    for (const [file, bytes] of Object.entries(files)) {
      await writeFile(`${folder}/${name}/${file}`, bytes);
    }
    const onnx = {
      ...{ source: "weights.onnx", sha256: await sha256(weights) },
      opset_version: 17,
    };
    const all = {
      ...{ type: "model", name: `${name} of the tests`, license: "MIT" },
      ...{ description: "a test", tags: [], authors: [{ name: "Ada" }] },
      cite: [{ text: "A test", doi: "10.1007/978-3-319-24574-4_28" }],
      ...{ documentation: "README.md", covers: [], weights: { onnx } },
      ...(version === 5 ? of5(before, after) : of4(before, after)),
    };
    await writeFile(`${folder}/${name}/rdf.yaml`, stringify(all));
  }
}

function of5(before: object, after: object): object {
  const space = (id: string, size: object) => ({ type: "space", id, size });
  return {
    format_version: "0.5.3",
    documentation: { source: "README.md" },
    inputs: [{
      id: "raw",
      axes: [
        { type: "batch" },
        { type: "channel", channel_names: ["DAPI", "actin"] },
        ...["y", "x"].map((id) => space(id, { min: 64, step: 32 })),
      ],
      data: { type: "float32" },
      preprocessing: [before],
      test_tensor: { source: "input.npy" },
    }],
    outputs: [{
      id: "found",
      axes: [
        { type: "batch" },
        { type: "channel", channel_names: ["object", "border"] },
        // With a halo, bioimageio.core pads the image by it.
        ...["y", "x"].map((id) => space(id, { tensor_id: "raw", axis_id: id })),
      ],
      data: { type: "float32" },
      postprocessing: [after],
      test_tensor: { source: "output.npy" },
    }],
  };
}

function of4(before: object, after: object): object {
  return {
    format_version: "0.4.10",
    timestamp: "2024-01-01T00:00:00",
    inputs: [{
      ...{ name: "raw", axes: "bcyx", data_type: "float32" },
      shape: { min: [1, 2, 64, 64], step: [0, 0, 32, 32] },
      preprocessing: [before],
    }],
    outputs: [{
      ...{ name: "found", axes: "bcyx", data_type: "float32" },
      shape: {
        reference_tensor: "raw",
        ...{ scale: [1, 0, 1, 1], offset: [0, 1, 0, 0] },
      },
      halo: [0, 0, 16, 16],
      postprocessing: [after],
    }],
    ...{ test_inputs: ["input.npy"], test_outputs: ["output.npy"] },
  };
}

if (import.meta.main) await writeForeignPackages(Deno.args[0]!);
