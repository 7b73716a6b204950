/**
 * Writes an output of your own beside the program's: the centers of nuclei as
 * JSON. Like every output it appears when it is complete, and a rerun skips it.
 *
 *     deno run -P=local examples/custom_output.ts cells.png masks
 */
import { app } from "@unet/unet";
import { FileWriter } from "@unet/files";
import { type Format, type MeasuredInstances, toPartWriter } from "@unet/infer";

/** Made of measured objects, which come as they are found, from the top. */
const centers: Format<"measured"> = {
  help: "centers of nuclei as JSON",
  ending: "_centers.json",
  takes: "measured",
  async open(path, { width, height }) {
    const file = await FileWriter.open(path, "output");
    const encoder = new TextEncoder();
    const centers: { x: number; y: number; area: number }[] = [];
    const writer = toPartWriter(file, (found: MeasuredInstances) => {
      for (const { x, y, width, height, pixels } of found.measurements) {
        const center = { x: x + width / 2, y: y + height / 2 };
        centers.push({ ...center, area: pixels.area });
      }
      return Promise.resolve();
    });
    return {
      ...writer,
      async finish() {
        const content = { width, height, centers };
        await file.write(encoder.encode(JSON.stringify(content)));
        await file.finish();
      },
    };
  },
};

const [image, out = "masks"] = Deno.args;
if (image === undefined) {
  console.error("Usage: custom_output.ts IMAGE [FOLDER]");
  Deno.exit(2);
}
const { files: [file] } = await app.segment([image], {
  ...{ model: "nuclei", out, formats: ["png"], customFormats: { centers } },
});
if (file && "error" in file) throw file.error;
console.log(file && "outputs" in file ? file.outputs : "segmented earlier");
