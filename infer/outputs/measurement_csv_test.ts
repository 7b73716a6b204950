import { assertEquals, assertRejects } from "@std/assert";
import { instanceOf } from "./fixtures/sample_instances.ts";
import { measureInstance } from "./measure_instance.ts";
import { MeasurementCsv } from "./measurement_csv.ts";

const path = `${await Deno.makeTempDir()}/a.csv`;
const instance = instanceOf(["###"], { label: 2, x: 1, y: 5 });
const channels = [{
  name: "gray",
  pixels: {
    ...{ width: 3, height: 1, channels: 1, depth: 8 } as const,
    data: new Uint8Array([10, 20, 21]),
  },
}];

Deno.test("MeasurementCsv writes the names and a row per object", async () => {
  await using csv = await MeasurementCsv.open(path, { channels: ["gray"] });
  await csv.add([
    measureInstance(instance, { channels, pixelSize: { x: 0.5, y: 0.5 } }),
    measureInstance(instance, { channels, pixelSize: { x: 0.5, y: 2 } }),
    measureInstance(instance, { channels }),
  ]);
  await csv.finish();
  assertEquals(
    await Deno.readTextFile(path),
    [
      "label,bbox_x_px,bbox_y_px,bbox_width_px,bbox_height_px," +
      "area_px,perimeter_px,centroid_x_px,centroid_y_px,major_axis_px,minor_axis_px," +
      "area_um2,perimeter_um,centroid_x_um,centroid_y_um,major_axis_um,minor_axis_um," +
      "eccentricity,solidity,probability,mean_gray,min_gray,max_gray,std_gray,sum_gray",
      "2,1,5,3,1,3,1,2,5,3.265986324,0,0.75,0.5,1,2.5,1.632993162,0,1,1,0.75,17,10,21,4.966554809,51",
      "2,1,5,3,1,3,1,2,5,3.265986324,0,3,,1,10,1.632993162,0,1,1,0.75,17,10,21,4.966554809,51",
      "2,1,5,3,1,3,1,2,5,3.265986324,0,,,,,,,1,1,0.75,17,10,21,4.966554809,51",
      "",
    ].join("\r\n"),
  );
});

Deno.test("MeasurementCsv refuses measurements of other channels", async () => {
  await using csv = await MeasurementCsv.open(path);
  await assertRejects(
    () => csv.add([measureInstance(instance, { channels })]),
    RangeError,
    "Cannot write measurements of object 2: found channels gray, expected none",
  );
});
