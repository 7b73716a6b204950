/**
 * Segments one image with the published nuclei model: a mask, outlines for
 * QuPath, and a table of measurements.
 *
 *     deno run -P=local examples/segment.ts cells.png masks
 */
import { app } from "@unet/unet";

const [image, out = "masks"] = Deno.args;
if (image === undefined) {
  console.error("Usage: segment.ts IMAGE [FOLDER]");
  Deno.exit(2);
}

const { files } = await app.segment([image], {
  model: "nuclei",
  out,
  formats: ["png", "geojson", "csv"],
}, { onNote: (line) => console.log(line) });

for (const file of files) {
  if ("error" in file) throw file.error;
  if ("skipped" in file) console.log(`${file.input} was segmented earlier`);
  else console.log(`${file.input}: ${file.objects} nuclei`, file.outputs);
}
