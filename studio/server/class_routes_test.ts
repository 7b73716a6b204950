import { assertEquals, assertMatch } from "@std/assert";
import { encodePng } from "@unet/data";
import { faultOf, openPlace } from "../fixtures/place.ts";
import type { ShownClasses } from "./class_routes.ts";

const size = { width: 6, height: 1 };
const plain = { ...size, channels: 1, depth: 8 } as const;
const image = await encodePng({ ...plain, data: new Uint8Array(6) });
const mask = await encodePng({
  ...{ ...plain, depth: 16 },
  data: new Uint16Array([3, 3, 0, 7, 0, 9]),
});

Deno.test("/api/classes gives the classes of objects, those of their edits, and none without a table", async () => {
  await using here = await openPlace({
    ...{ "a.png": image, "masks/a.png": mask, "b.png": image },
    "classes.csv": "image,id,class\na,3,tumor\na,7,stroma\na,9,\n",
  });
  const { get } = here.visitor;
  const { names, places, kind }: ShownClasses =
    await (await get("/api/classes?name=a.png")).json();
  const nameOf = new Map(places.map(([id, at]) => [id, names[at - 1]]));
  assertEquals([kind, names.toSorted()], ["objects", ["stroma", "tumor"]]);
  assertEquals([nameOf.get(3), nameOf.get(7)], ["tumor", "stroma"]);
  assertEquals(nameOf.size, 2);
  const other: ShownClasses = await (await get("/api/classes?name=b.png"))
    .json();
  assertEquals([other.names.length, other.places], [2, []]);
  await faultOf(await get("/api/classes?name=../a.png"), 404);
});

Deno.test("/api/edit reports which objects have another class, and undo the class before", async () => {
  await using here = await openPlace({ "a.png": image });
  const { get, post } = here.visitor;
  let known = await (await get("/api/mask?name=a.png")).json();
  const edit = async (edit: unknown) => {
    const body = { name: "a.png", mask: known.mask, number: known.edit, edit };
    known = await (await post("/api/edit", body)).json();
    return known.reclassed;
  };
  const brush = { tool: "brush", size: 1, as: "object", over: true };
  assertEquals(await edit({ ...brush, points: [0, 0] }), undefined);
  const named = { tool: "class", points: [0, 0], name: "tumor" };
  assertEquals(await edit(named), [[1, "tumor"]]);
  const { names, places } = await (await get("/api/classes?name=a.png")).json();
  assertEquals([names, places], [["tumor"], [[1, 1]]]);
  assertEquals(await edit({ tool: "undo" }), [[1, ""]]);
  assertEquals(await edit({ tool: "redo" }), [[1, "tumor"]]);
  assertEquals(await edit({ tool: "delete", points: [0, 0] }), [[1, ""]]);
});

Deno.test("a class map is shown by its classes, also where one class makes it black and white, and takes no objects", async () => {
  const values = new Uint8Array([0, 127, 127, 0, 127, 0]);
  const map = await encodePng({ ...plain, data: values });
  await using here = await openPlace({
    ...{ "a.png": image, "masks/a.png": map },
    "classes.json": `{"background": 0, "axon": 127}`,
  });
  const { get, post } = here.visitor;
  assertEquals(await (await get("/api/classes?name=a.png")).json(), {
    ...{ kind: "map", names: ["axon"], places: [[127, 1]] },
  });
  const tile = await get("/api/labels?name=a.png&level=0&x=0&y=0");
  const labels = new Uint32Array(await tile.arrayBuffer());
  assertEquals([...labels.subarray(9, 15)], [...values]);
  const expected = /class maps \(classes.json: axon\), expected masks of obj/;
  assertMatch(await faultOf(await get("/api/mask?name=a.png"), 409), expected);
  const job = { name: "a.png", model: "nuclei", replace: true };
  assertMatch(await faultOf(await post("/api/predict", job), 409), expected);
});
