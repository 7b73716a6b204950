import { assertEquals, assertRejects } from "@std/assert";
import { instanceOf } from "./fixtures/sample_instances.ts";
import { measureInstance } from "./measure_instance.ts";
import { MeasurementCsv } from "./measurement_csv.ts";

const path = `${await Deno.makeTempDir()}/a.csv`;
const instance = instanceOf(["###"], { label: 2, x: 1, y: 5 });
const pixels = {
  ...{ width: 3, height: 1, channels: 1, depth: 8 } as const,
  data: new Uint8Array([10, 20, 21]),
};

Deno.test("MeasurementCsv writes the names and a row an object", async () => {
  await using csv = await MeasurementCsv.open(path, {
    channels: ["gray"],
    micrometers: true,
  });
  await csv.add([
    measureInstance(instance, { pixels, pixelSize: { x: 0.5, y: 0.5 } }),
    measureInstance(instance, { pixels, pixelSize: { x: 0.5, y: 2 } }),
  ]);
  await csv.finish();
  assertEquals(
    await Deno.readTextFile(path),
    [
      "label,x,y,width,height," +
      "area_px,perimeter_px,centroid_x_px,centroid_y_px,major_axis_px,minor_axis_px," +
      "area_um,perimeter_um,centroid_x_um,centroid_y_um,major_axis_um,minor_axis_um," +
      "eccentricity,solidity,probability,mean_gray,sum_gray",
      "2,1,5,3,1,3,1,2,5,3.265986324,0,0.75,0.5,1,2.5,1.632993162,0,1,1,0.75,17,51",
      "2,1,5,3,1,3,1,2,5,3.265986324,0,3,,1,10,1.632993162,0,1,1,0.75,17,51",
      "",
    ].join("\r\n"),
  );
});

Deno.test("MeasurementCsv quotes names of channels that hold commas, quotes or line breaks", async () => {
  await using csv = await MeasurementCsv.open(path, {
    channels: ['a,"b"', "c\nd"],
  });
  await csv.finish();
  const text = await Deno.readTextFile(path);
  assertEquals(
    text.slice(text.indexOf("probability")),
    'probability,"mean_a,""b""","sum_a,""b""","mean_c\nd","sum_c\nd"\r\n',
  );
});

Deno.test("MeasurementCsv refuses measurements that have not what it has columns for", async () => {
  await using csv = await MeasurementCsv.open(path, { micrometers: true });
  await assertRejects(
    () => csv.add([measureInstance(instance, { pixels })]),
    RangeError,
    "Cannot write measurements of object 2: found 1 channels, expected 0",
  );
  await assertRejects(
    () => csv.add([measureInstance(instance)]),
    RangeError,
    "Cannot write measurements of object 2: found none in micrometers, expected some",
  );
});
