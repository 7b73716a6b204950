/**
 * The page's program: runs the published model on an image that the person
 * chooses, in the browser; nothing leaves the machine.
 */
/// <reference lib="dom" />
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import type { Image } from "@unet/data/types";
import { openDriver } from "@unet/device/open-driver";
import { wasmDriver } from "@unet/device/wasm";
import { predictorOf } from "@unet/infer/predict";
import { segmentImage } from "@unet/infer/segment-image";
import { toMask } from "@unet/infer/to-mask";
import { buildSaved, decodeModel } from "@unet/model/model-file";

const input = document.querySelector("input")!;
const canvas = document.querySelector("canvas")!;
const status = document.querySelector("p")!;
const pen = canvas.getContext("2d", { willReadFrequently: true })!;

/** Draws a picture, and reads its red, green and blue. */
async function draw(file: Blob): Promise<Image> {
  const picture = await createImageBitmap(file);
  const { width, height } = picture;
  Object.assign(canvas, { width, height });
  pen.drawImage(picture, 0, 0);
  const { data: rgba } = pen.getImageData(0, 0, width, height);
  const data = rgba.filter((_, at) => at % 4 !== 3);
  return { width, height, channels: 3, depth: 8, data: new Uint8Array(data) };
}

/** Paints the mask over the picture. */
function paint({ width, height, data }: Image): void {
  const picture = pen.getImageData(0, 0, width, height);
  data.forEach((value, at) => {
    if (value > 0) picture.data.set([0, 160, 255], 4 * at);
  });
  pen.putImageData(picture, 0, 0);
}

setWasmPaths("/wasm/");
await openDriver(wasmDriver);
const bytes = await (await fetch("/model")).bytes();
const model = { path: "nuclei", ...decodeModel(bytes, "nuclei") };
const predict = predictorOf(buildSaved(model));
status.textContent = "Choose an image.";

input.addEventListener("change", async () => {
  const [file] = input.files!;
  if (!file) return;
  const image = await draw(file);
  status.textContent = "Segmenting …";
  const mask = toMask(await segmentImage(image, predict));
  paint(mask);
  const inside = mask.data.filter((value) => value > 0).length;
  status.textContent = `${(100 * inside / mask.data.length).toFixed(1)} %`;
});
