import {
  assert,
  assertAlmostEquals,
  assertEquals,
  assertStringIncludes,
} from "@std/assert";
import { channelRangesOf, decodeImage, openImage } from "@unet/data";
import { TiffWriter } from "../outputs/tiff_writer.ts";
import type { Predict } from "../windows/predict.ts";
import { objectHead } from "../windows/predict.ts";
import { segmentImage } from "../windows/segment_image.ts";
import { segment } from "./segment.ts";

const width = 1100, height = 1700;

const description =
  `<?xml version="1.0"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0"><Pixels ID="Pixels:0" DimensionOrder="XYCZT" Type="uint16" SizeX="${width}" SizeY="${height}" SizeC="3" SizeZ="1" SizeT="1"><Channel ID="C:0" Name="DAPI" SamplesPerPixel="1"/><Channel ID="C:1" Name="none" SamplesPerPixel="1"/><Channel ID="C:2" Name="actin" SamplesPerPixel="1"/><TiffData/></Pixels></Image></OME>`;

/** Writes an OME-TIFF whose brightness differs from one end to the other. */
async function writeChannels(path: string): Promise<void> {
  await using tiff = await TiffWriter.open(path, {
    ...{ width, height, planes: 3, type: "uint16", tile: 128, description },
  });
  for (let y = 0; y < height; y++) {
    await tiff.writeRows(Uint16Array.from({ length: 3 * width }, (_, at) => {
      const x = Math.floor(at / 3), noise = (at + y * 7919) * 2654435761 >>> 22;
      return [noise + 4 * y, 9, 60_000 - 20 * x + noise][at % 3]!;
    }));
  }
  await tiff.finish();
}

/** Half of each of two channels. */
const mean: Predict = Object.assign(
  (x: Float32Array) =>
    Promise.resolve(
      Float32Array.from(
        { length: x.length / 2 },
        (_, at) => (x[2 * at]! + x[2 * at + 1]!) / 2,
      ),
    ),
  {
    heads: [objectHead],
    input: {
      channels: [{ name: "actin" }, { name: "DAPI" }],
      normalization: "percentiles" as const,
    },
  },
);

Deno.test("segment() of a large file of channels gives what segmenting it whole gives, and measures all its channels", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const input = `${folder}/large.ome.tif`;
    await writeChannels(input);
    const channels = ["actin", "DAPI"];
    const bytes = await Deno.readFile(input);
    const whole = await decodeImage(bytes, input, { channels });
    const { planes } = await segmentImage(whole, mean);
    {
      // Streaming sees the same percentiles as the whole.
      await using reader = await openImage(input, { channels });
      const [actin, dapi] = await channelRangesOf(reader);
      assert(actin!.high - actin!.low > 10_000 && dapi!.high > 5000);
    }
    const report = await segment([input], {
      predict: mean,
      out: `${folder}/out`,
      formats: ["probability", "csv", "overlay"],
      settings: { tile: 192, margin: 32, channels },
    });
    const [file] = report.files;
    assert(file && "outputs" in file, JSON.stringify(report.files));
    const { probability, csv, overlay } = file.outputs;
    const written = await decodeImage(
      await Deno.readFile(probability!),
      probability!,
    );
    planes.object!.forEach((value, at) => {
      // Stored as a byte per pixel.
      if (at % 97 === 0) {
        assertAlmostEquals(written.data[at]! / 255, value, 0.51 / 255);
      }
    });
    const [header] = (await Deno.readTextFile(csv!)).split("\n");
    for (const name of ["mean_DAPI", "mean_none", "mean_actin"]) {
      assertStringIncludes(header!, name);
    }
    const drawn = await decodeImage(await Deno.readFile(overlay!), overlay!);
    assertEquals(
      [drawn.width, drawn.height, drawn.channels],
      [width, height, 3],
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
