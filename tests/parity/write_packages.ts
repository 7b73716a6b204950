/**
 * Exports bioimage.io packages into a folder, for `check_packages.py`:
 *
 *     deno run -P=test write_packages.ts FOLDER
 */
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { exportModel } from "@unet/app";
import { encodePng, type Image, synthesize } from "@unet/data";
import { writeFile } from "@unet/files";
import { TiffWriter } from "@unet/infer/outputs";
import { createModel, encodeModel, type ModelPlan } from "@unet/model";
import { createRandom } from "@unet/random";
import { channelInput, classTask, objectTask } from "@unet/task";
import { fill } from "./_formula.ts";

const classes = ["background", "axon", "myelin"];

/** The networks, by the names of their packages; the first is published. */
export const packaged: Readonly<
  Record<string, { readonly plan?: Partial<ModelPlan>; readonly image: string }>
> = {
  nuclei: { image: "color.png" },
  classes: {
    plan: { width: 1 / 32, task: classTask({ classes }) },
    image: "color.png",
  },
  channels: {
    plan: {
      width: 1 / 32,
      task: objectTask({
        borderWeight: 0.1,
        input: channelInput(["DAPI", "actin"]),
      }),
    },
    image: "channels.tif",
  },
  deep: {
    plan: { network: "resnet34", width: 1 / 16 },
    image: "gray.png",
  },
  paper: { plan: { network: "unet", width: 1 / 32 }, image: "color.png" },
};

/** Writes drawn nuclei as color of 8 bits, gray of 16, and two channels. */
async function writeImages(folder: string): Promise<void> {
  const [drawn] = [...synthesize({
    ...{ count: 1, width: 240, height: 224, seed: 3 },
  })];
  const { width, height, channels, data } = drawn!.image;
  const color: Image = { ...drawn!.image };
  await writeFile(`${folder}/color.png`, await encodePng(color));
  const deep = Uint16Array.from(
    { length: width * height },
    (_, at) => 300 + 40 * data[at * channels]!,
  );
  const gray: Image = { width, height, channels: 1, depth: 16, data: deep };
  await writeFile(`${folder}/gray.png`, await encodePng(gray));
  const named = ["DAPI", "actin"].map((name, at) =>
    `<Channel ID="Channel:0:${at}" Name="${name}" SamplesPerPixel="1"/>`
  );
  await using tiff = await TiffWriter.open(`${folder}/channels.tif`, {
    ...{ width, height, type: "uint16", planes: 2, tile: 64 },
    description: `<?xml version="1.0"?><OME xmlns="http://www.` +
      `openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0"><Pixels ` +
      `ID="Pixels:0" DimensionOrder="XYCZT" Type="uint16" SizeX="${width}" ` +
      `SizeY="${height}" SizeC="2" SizeZ="1" SizeT="1">` +
      `${named.join("")}<TiffData/></Pixels></Image></OME>`,
  });
  await tiff.writeRows(
    Uint16Array.from(
      { length: 2 * width * height },
      (_, at) => at % 2 === 0 ? deep[at >> 1]! : 9 * deep[at >> 1]! % 4000,
    ),
  );
  await tiff.finish();
}

/** Writes the packages, `NAME.zip` each. */
export async function writePackages(folder: string): Promise<void> {
  await writeImages(folder);
  await tf.setBackend("cpu");
  for (const [name, { plan }] of Object.entries(packaged)) {
    if (plan === undefined) continue;
    const built = createModel(plan, createRandom(0));
    fill(built);
    await writeFile(
      `${folder}/${name}.safetensors`,
      await encodeModel(built),
    );
    built.dispose();
  }
  for (const [name, { plan, image }] of Object.entries(packaged)) {
    await exportModel({
      model: plan ? `${folder}/${name}.safetensors` : name,
      ...{ format: "bioimageio", out: `${folder}/${name}.zip` },
      testImage: `${folder}/${image}`,
      title: `${name} of the tests`,
      authors: "Ada Lovelace (Analytical Engines); Charles Babbage",
      cite: "Ronneberger et al. 2015, doi.org/10.1007/978-3-319-24574-4_28",
      license: "MIT; of the tests",
      tags: ["nuclei"],
      device: "wasm",
    });
  }
}

if (import.meta.main) await writePackages(Deno.args[0]!);
