/**
 * Slides against openslide-python, in the Python that `UNET_SLIDES_PYTHON`
 * names: a real slide through our own reader and, as DICOM, through OpenSlide;
 * and the pyramids that we write.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { openImage } from "@unet/data";
import { openslideInstaller } from "@unet/data/openslide-installer";
import { TiffWriter } from "@unet/infer/outputs";
import { createRandom } from "@unet/random";

const python = Deno.env.get("UNET_SLIDES_PYTHON");
const data = Deno.env.get("UNET_DATA") ??
  fromFileUrl(new URL("../../../shared/data", import.meta.url));
const svs = join(data, "CMU-1-Small-Region.svs");

async function whyAbsent(): Promise<string> {
  if (!python) return "UNET_SLIDES_PYTHON names no Python with openslide";
  if (!await openslideInstaller.isFound()) return "no OpenSlide";
  try {
    await Deno.stat(svs);
    return "";
  } catch {
    return `no ${svs}; set UNET_DATA`;
  }
}

const absent = await whyAbsent();
if (absent) {
  // deno-lint-ignore no-console
  console.log(`Skipping slides judged by openslide-python: ${absent}`);
}

/** What openslide-python reads of a file. */
interface Judged {
  readonly path: string;
  readonly levels: readonly {
    readonly width: number;
    readonly height: number;
    /** The file of its pixels. */
    readonly rgb: string;
  }[];
}

async function writePyramid(path: string): Promise<void> {
  const width = 1100, height = 900, random = createRandom(1);
  await using tiff = await TiffWriter.open(path, {
    ...{ width, height, channels: 3, type: "uint8", pyramid: "mean" },
    pixelSize: { x: 0.5, y: 0.5 },
  });
  for (let row = 0; row < height; row++) {
    const values = new Uint8Array(3 * width);
    for (let at = 0; at < values.length; at++) {
      values[at] = (at + row + 40 * random.next()) % 256;
    }
    await tiff.writeRows(values);
  }
  await tiff.finish();
}

async function judge(job: unknown, folder: string): Promise<Judged[]> {
  await Deno.writeTextFile(`${folder}/job.json`, JSON.stringify(job));
  const script = fromFileUrl(new URL("judge_slides.py", import.meta.url));
  const { success, stdout, stderr } = await new Deno.Command(python!, {
    args: [script, `${folder}/job.json`],
  }).output();
  assert(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

Deno.test({
  name:
    "openImage() reads each level of a slide, of its DICOM and of our pyramids as openslide-python does",
  ignore: absent !== "",
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      await writePyramid(`${folder}/pyramid.tif`);
      await Deno.mkdir(`${folder}/out`);
      const judged = await judge({
        ...{ svs, dicom: `${folder}/dicom`, out: `${folder}/out` },
        pyramids: [`${folder}/pyramid.tif`],
      }, folder);
      assertEquals(judged.map(({ levels }) => levels.length), [1, 1, 4]);
      for (const { path, levels } of judged) {
        for (const [level, one] of levels.entries()) {
          await using reader = await openImage(path, { level });
          const { width, height } = one;
          assertEquals([reader.width, reader.height], [width, height]);
          const seen = await reader.read(0, 0, width, height);
          assertEquals(
            meanDifference(seen.data, await Deno.readFile(one.rgb)),
            0,
            `${path} ${level}`,
          );
        }
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

Deno.test({
  name: "a slide is the same through our own reader and through OpenSlide",
  ignore: absent !== "",
  async fn() {
    const folder = await Deno.makeTempDir();
    try {
      await Deno.mkdir(`${folder}/out`);
      const job = { svs, dicom: `${folder}/dicom`, pyramids: [] };
      const [, dicom] = await judge({ ...job, out: `${folder}/out` }, folder);
      await using own = await openImage(svs);
      await using other = await openImage(dicom!.path);
      const { width, height } = own;
      const one = await own.read(0, 0, width, height);
      assertEquals(other.pixelSize, own.pixelSize);
      assertEquals(
        meanDifference(
          one.data,
          (await other.read(0, 0, width, height)).data,
        ),
        0,
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

function meanDifference(
  one: ArrayLike<number>,
  other: ArrayLike<number>,
): number {
  assertEquals(one.length, other.length);
  let sum = 0;
  for (let at = 0; at < one.length; at++) {
    sum += Math.abs(one[at]! - other[at]!);
  }
  return sum / one.length;
}
