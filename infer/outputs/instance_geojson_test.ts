import { assert, assertEquals, assertRejects } from "@std/assert";
import { instanceOf, sampleInstances } from "./fixtures/sample_instances.ts";
import { writeObjects } from "./fixtures/write_samples.ts";
import { InstanceGeoJson } from "./instance_geojson.ts";
import { measureInstance } from "./measure_instance.ts";

/** What shapely says of each object; see `fixtures/judge_samples.py`. */
interface JudgedFeature {
  valid: boolean;
  outerCounterclockwise: boolean;
  holesClockwise: boolean;
  area: number;
  box: number[];
  mask: string;
}

const judged: { sha256: string; features: JudgedFeature[] } = JSON.parse(
  await Deno.readTextFile(new URL("fixtures/judged.json", import.meta.url)),
).geojson;

const folder = await Deno.makeTempDir();

async function digestOf(bytes: Uint8Array): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", bytes.slice());
  return new Uint8Array(hash).toHex();
}

Deno.test("InstanceGeoJson writes geometries that shapely finds valid, rightly wound, and equal to the masks", async () => {
  await writeObjects(folder);
  const bytes = await Deno.readFile(`${folder}/objects.geojson`);
  // What was judged is what is written now.
  assertEquals(await digestOf(bytes), judged.sha256);
  const instances = await sampleInstances();
  assertEquals(judged.features.length, instances.length);
  for (const [index, found] of judged.features.entries()) {
    const { x, y, width, height, mask } = instances[index]!;
    assert(found.valid && found.outerCounterclockwise && found.holesClockwise);
    assertEquals(found.box, [x, y, width, height]);
    assertEquals(found.area, mask.reduce((sum, value) => sum + value, 0));
    assertEquals(found.mask, await digestOf(mask));
  }
});

async function written(
  options: Parameters<typeof InstanceGeoJson.open>[1],
  ...args: Parameters<InstanceGeoJson["add"]>
) {
  const path = `${folder}/a.geojson`;
  await using file = await InstanceGeoJson.open(path, options);
  await file.add(...args);
  await file.finish();
  return JSON.parse(await Deno.readTextFile(path));
}

Deno.test("InstanceGeoJson gives QuPath the kind of object, its class and its measurements", async () => {
  const instance = instanceOf(["##", "##"], { label: 5, x: 8, y: 9 });
  const plain = await written({}, [instance]);
  assertEquals(plain.type, "FeatureCollection");
  assertEquals(plain.features[0].properties, {
    objectType: "detection",
    classification: { name: "Nucleus", color: [200, 0, 0] },
    measurements: { Label: 5, "Area px^2": 4, Probability: 0.75 },
  });
  const measured = measureInstance(instance, {
    channels: [1, NaN].map((value) => ({
      name: `gray ${value}`,
      pixels: {
        ...{ width: 2, height: 2, channels: 1, depth: 32 } as const,
        data: new Float32Array([1, 2, 3, value]),
      },
    })),
    pixelSize: { x: 0.5, y: 0.25 },
  });
  const classification = { name: 'a "b"\n', color: [1, 2, 3] } as const;
  const { features: [{ properties }] } = await written(
    { objectType: "annotation", classification },
    [instance],
    [measured],
  );
  assertEquals(properties.objectType, "annotation");
  assertEquals(properties.classification, {
    name: 'a "b"\n',
    color: [1, 2, 3],
  });
  // JSON has no NaN, and the perimeter of oblong pixels is not defined.
  assertEquals(Object.keys(properties.measurements), [
    ...["Label", "Area px^2", "Perimeter px", "Major axis px"],
    ...["Minor axis px", "Area µm^2", "Major axis µm", "Minor axis µm"],
    ...["Eccentricity", "Solidity", "Probability"],
    ...["gray 1: Mean", "gray 1: Min", "gray 1: Max", "gray 1: Std.Dev."],
    "gray 1: Sum",
  ]);
  assertEquals(properties.measurements["Area µm^2"], 0.5);
});

Deno.test("InstanceGeoJson writes no object at all as an empty collection", async () => {
  assertEquals(await written({}, []), {
    type: "FeatureCollection",
    features: [],
  });
});

Deno.test("InstanceGeoJson simplifies outlines where it is asked to", async () => {
  const rows = Array.from(
    { length: 20 },
    (_, y) => "#".repeat(y + 1).padEnd(20, "."),
  );
  const corners = async (simplify: number) =>
    (await written({ simplify }, [instanceOf(rows)]))
      .features[0].geometry.coordinates[0].length;
  assert(await corners(0) > 40);
  assert(await corners(1) < 8);
});

Deno.test("InstanceGeoJson refuses settings and objects that cannot be", async () => {
  const path = `${folder}/b.geojson`;
  await assertRejects(
    () => InstanceGeoJson.open(path, { simplify: NaN }),
    RangeError,
    "Cannot write GeoJSON: found a distance of NaN, expected a number from 0",
  );
  await assertRejects(
    () =>
      InstanceGeoJson.open(path, {
        classification: { name: "a", color: [0, 256, 0] },
      }),
    RangeError,
    "found the color 0, 256, 0, expected integers in 0…255",
  );
  {
    await using file = await InstanceGeoJson.open(path);
    const instance = instanceOf(["#"]);
    await assertRejects(
      () => file.add([instance], []),
      RangeError,
      "Cannot write GeoJSON: found 0 measurements, expected 1",
    );
    await assertRejects(
      () => file.add([{ ...instance, probability: NaN }]),
      RangeError,
      "found a probability of NaN, expected 0…1",
    );
  }
  await assertRejects(() => Deno.stat(path), Deno.errors.NotFound);
});
