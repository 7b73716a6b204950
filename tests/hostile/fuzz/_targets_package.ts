import {
  encodeNpy,
  openPackage,
  parseDescription,
  parseNpy,
  readReference,
} from "@unet/bioimageio";
import { join } from "@std/path";
import { zipOf } from "../_files.ts";
import { changeLines } from "./_mutate_text.ts";
import { lieInZip } from "./_repair.ts";
import { attempt, type Target } from "./_target.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** As bioimage.io has them, by the axes of version 0.5. */
const newer = `format_version: 0.5.3
type: model
name: Nuclei
weights: {onnx: {source: weights.onnx, sha256: null}}
inputs:
- id: raw
  axes:
  - {type: batch}
  - &c {type: channel, channel_names: [gray]}
  - {type: space, id: y, size: {min: 64, step: 32}}
  - {type: space, id: x, size: {min: 64, step: 32}}
  test_tensor: {source: test_input.npy}
  preprocessing:
  - id: scale_range
    kwargs: {axes: [x, y], min_percentile: 1, max_percentile: 99.8, eps: 1e-6}
outputs:
- axes:
  - {type: batch}
  - *c
  - {type: space, id: y, size: {tensor_id: raw, axis_id: y}, halo: 8}
  - {type: space, id: x, size: {tensor_id: raw, axis_id: x}, halo: 8}
  test_tensor: {source: test_output.npy}
`;

/** And by the letters of version 0.4. */
const older = `format_version: 0.4.10
type: model
name: Nuclei
weights:
  onnx: {source: weights.onnx}
test_inputs: [test_input.npy]
test_outputs: [test_output.npy]
inputs:
- name: raw
  axes: bcyx
  data_type: float32
  shape: {min: [1, 1, 64, 64], step: [0, 0, 32, 32]}
  preprocessing:
  - name: zero_mean_unit_variance
    kwargs: {axes: yx, mode: per_sample}
outputs:
- name: probability
  axes: bcyx
  data_type: float32
  halo: [0, 0, 8, 8]
  shape: {reference_tensor: raw, scale: [1, 1, 1, 1], offset: [0, 0, 0, 0]}
`;

const values = Float32Array.from({ length: 12 }, (_, at) => at);
const array = encodeNpy({ shape: [1, 3, 2, 2], values });

function packageOf(description: string): Uint8Array {
  return zipOf([
    ["rdf.yaml", bytesOf(description)],
    ["weights.onnx", new Uint8Array(64)],
    ["test_input.npy", array],
    ["test_output.npy", array],
  ]);
}

/** Bytes that a file of a package may have here. */
const most = 2 ** 20;

/** bioimage.io packages, and what is in them. */
export const packageTargets: Readonly<Record<string, Target>> = {
  description: {
    seeds: () => Promise.resolve([newer, older].map(bytesOf)),
    mutations: [changeLines],
    read: async (bytes) => {
      const text = new TextDecoder().decode(bytes);
      await attempt(() => parseDescription(text, "a.zip"));
    },
  },
  package: {
    seeds: () => Promise.resolve([newer, older].map(packageOf)),
    mutations: [lieInZip],
    read: async (bytes, folder) => {
      const path = join(folder, "package.zip");
      await Deno.writeFile(path, bytes);
      await attempt(async () => {
        using opened = await openPackage(path);
        if (!opened) return;
        const { weights, input, output } = parseDescription(
          opened.description,
          path,
        );
        await readReference(opened, weights, most);
        for (const { test } of [input, output]) {
          if (!test) continue;
          parseNpy(await readReference(opened, test, most), test.source);
        }
      });
    },
  },
  npy: {
    seeds: () => Promise.resolve([array]),
    read: async (bytes) => {
      await attempt(() => parseNpy(bytes, "a.npy"));
    },
  },
};
