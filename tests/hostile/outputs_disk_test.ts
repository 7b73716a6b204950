import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";

/** Fills a disk with each kind of file, and reports the result. */
const script = `
import {
  InstanceCoco, InstanceGeoJson, LabelTiff, LabelZarr, MeasurementCsv, measureInstance, PngWriter,
  ProbabilityTiff, RoiZip, TiffWriter, writeSummary,
} from "@unet/infer/outputs";
import { createRandom } from "@unet/random";

const [folder] = Deno.args, random = createRandom(0), side = 600;
const noise = Uint8Array.from({ length: side * side * 3 }, () => random.next() * 256);
const size = { width: side, height: side };
const instance = {
  label: 1, x: 0, y: 0, width: 40, height: 40, probability: 1,
  mask: noise.slice(0, 1600).map((value) => value & 1),
};
const many = Array.from({ length: 2000 }, (_, i) => ({ ...instance, label: i + 1 }));
const cases = {
  "a.tif": async (path) => {
    await using file = await TiffWriter.open(path, { ...size, channels: 3, type: "uint8" });
    await file.writeRows(noise);
    await file.finish();
  },
  "labels.tif": async (path) => {
    await using file = await LabelTiff.open(path, { ...size, pyramid: true });
    const labels = Uint32Array.from({ length: side * side }, (_, i) => noise[i] * 200);
    await file.writeRows(labels.subarray(0, side * 300));
    labels[side * 300] = 70000;
    await file.writeRows(labels.subarray(side * 300));
    await file.finish();
  },
  "labels.zarr": async (path) => {
    const axes = ["y", "x"].map((name) => ({ name, length: side, scale: 1, offset: 0 }));
    await using file = await LabelZarr.open(path, { axes });
    await file.writeRows(Uint32Array.from({ length: side * side }, (_, i) => noise[i] * 200 + noise[i + 1]));
    await file.finish();
  },
  "probability.tif": async (path) => {
    await using file = await ProbabilityTiff.open(path, { ...size, depth: 32 });
    await file.writeRows(Float32Array.from({ length: side * side }, () => random.next()));
    await file.finish();
  },
  "a.png": async (path) => {
    await using file = await PngWriter.open(path, { ...size, channels: 3 });
    await file.writeRows(noise);
    await file.finish();
  },
  "a.geojson": async (path) => {
    await using file = await InstanceGeoJson.open(path);
    await file.add(many);
    await file.finish();
  },
  "a.zip": async (path) => {
    await using file = await RoiZip.open(path);
    await file.add(many);
    await file.finish();
  },
  "a.json": async (path) => {
    await using file = await InstanceCoco.open(path, { name: "a.png", width: side, height: side });
    await file.add(many);
    await file.finish();
  },
  "a.csv": async (path) => {
    await using file = await MeasurementCsv.open(path);
    for (let i = 0; i < 20; i++) await file.add(many.map((one) => measureInstance(one)));
    await file.finish();
  },
  "a.html": (path) =>
    writeSummary(path, Array.from({ length: 20_000 }, (_, i) => ({
      name: "image " + i, width: 9, height: 9, objects: 1,
    }))),
};
for (const [name, write] of Object.entries(cases)) {
  try {
    await write(folder + "/" + name);
    console.log(name + ": written");
  } catch (error) {
    console.log(name + ": " + error.name + ": " + error.message.replace(folder, ""));
  }
  const left = [...Deno.readDirSync(folder)].map((entry) => entry.name);
  if (left.length > 0) console.log("left: " + left.join());
}
`;

Deno.test("outputs on a full disk say so, and leave nothing", {
  ignore: Deno.build.os !== "linux",
}, async () => {
  const folder = await Deno.makeTempDir();
  const disk = `${folder}/disk`, path = `${folder}/script.js`;
  await Deno.mkdir(disk);
  await Deno.writeTextFile(path, script);
  const config = fromFileUrl(new URL("../../deno.json", import.meta.url));
  const output = await new Deno.Command("unshare", {
    args: [
      ...["-Urm", "bash", "-c"],
      `mount -t tmpfs -o size=512k none "$0" || exit 99; "$@"`,
      ...[disk, Deno.execPath(), "run", "-q", "--config", config],
      ...["-P=test", path, disk],
    ],
  }).output();
  const said = new TextDecoder().decode(output.stdout);
  const fault = new TextDecoder().decode(output.stderr);
  await Deno.remove(folder, { recursive: true });
  if (output.code === 99 || /unshare/.test(fault)) {
    // deno-lint-ignore no-console
    console.log(`skipped: no small disk can be mounted here (${fault})`);
    return;
  }
  const files = {
    "a.tif": "image",
    "labels.tif": "labels",
    "labels.zarr": "labels",
    "probability.tif": "probabilities",
    "a.png": "image",
    "a.geojson": "GeoJSON",
    "a.zip": "ROIs",
    "a.json": "COCO",
    "a.csv": "measurements",
    "a.html": "summary",
  };
  assertEquals(
    said + fault,
    Object.entries(files).map(([name, thing]) =>
      `${name}: FileError: Cannot write ${thing} "/${name}": found a full disk\n`
    ).join(""),
  );
});
