import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { segment } from "@unet/app/segment";
import { encodePng, type Image, synthesize } from "@unet/data";
import { FileError, UsageError } from "@unet/errors";
import { openServer, type Server } from "./open_server.ts";

const nuclei = [{ name: "nuclei", path: "nuclei" }];
const network = { device: "wasm" };
const wasm = { models: nuclei, network };

let server: Server,
  folder = "",
  image: Uint8Array<ArrayBuffer>,
  defects: unknown[];

Deno.test.beforeAll(async () => {
  defects = [];
  server = await openServer({
    ...wasm,
    ...{ mostBytes: 200_000, mostPixels: 10_000 },
    onDefect: (error) => defects.push(error),
  });
  folder = await Deno.makeTempDir();
  const [drawn] = synthesize({ count: 1, width: 80, height: 64, seed: 7 });
  image = Uint8Array.from(await encodePng(drawn!.image));
  await Deno.writeFile(join(folder, "image.png"), image);
});

Deno.test.afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
  assertEquals(defects, []);
});

/** Sends a body to `/segment`; gives status, type and bytes. */
async function sent(
  query: string,
  { body = image as BodyInit, headers = {} }: {
    body?: BodyInit;
    headers?: Record<string, string>;
  } = {},
) {
  const answer = await fetch(`${server.url}/segment${query}`, {
    ...{ method: "POST", body, headers },
  });
  const bytes = await answer.bytes();
  return { status: answer.status, headers: answer.headers, bytes };
}

async function refused(
  ...asked: Parameters<typeof sent>
): Promise<[number, string]> {
  const { status, bytes } = await sent(...asked);
  return [status, JSON.parse(new TextDecoder().decode(bytes)).error];
}

Deno.test("POST /segment answers the bytes that segment() writes, in every format", async () => {
  const path = join(folder, "image.png");
  const choices = { threshold: 0.4, minimalArea: 30 };
  const runs = [
    [
      ...["png", "tiff", "probability", "labels"] as const,
      ...["geojson", "roi", "coco", "csv"] as const,
    ],
    // Beside a format of instances, it shows these.
    ["overlay"],
  ] as const;
  for (const formats of runs) {
    const out = await Deno.makeTempDir({ dir: folder });
    const { files: [file] } = await segment([path], {
      ...{ ...choices, ...network, model: "nuclei", out, formats },
    });
    assert(file && "outputs" in file);
    for (const format of formats) {
      const query = `?format=${format}&threshold=0.4&min-area=30`;
      const { status, bytes } = await sent(query);
      assertEquals(status, 200);
      const expected = await Deno.readFile(file.outputs[format]!);
      assert(isSame(bytes, expected), format);
    }
  }
});

Deno.test("POST /segment takes pixel sizes and crops margins as segment() does", async () => {
  const [drawn] = synthesize({ count: 1, width: 80, height: 64, seed: 7 });
  const framed = withMargin(drawn!.image);
  const body = Uint8Array.from(await encodePng(framed));
  const path = join(folder, "image.png");
  await Deno.writeFile(path, body);
  const query = "?format=labels";
  const sizes = { pixelSize: 0.5, imagePixelSize: 0.4 };
  const cases = [
    ["&pixel-size=0.5&image-pixel-size=0.4", sizes],
    ["&crop-borders=true", { cropBorders: true }],
    ["&crop-borders=false", {}],
  ] as const;
  const found = new Set<string>();
  for (const [parameters, choices] of cases) {
    const out = await Deno.makeTempDir({ dir: folder });
    const { files: [file] } = await segment([path], {
      ...{ ...choices, ...network, model: "nuclei", out, formats: ["labels"] },
    });
    assert(file && "outputs" in file);
    const { status, bytes } = await sent(query + parameters, { body });
    assertEquals(status, 200);
    const expected = await Deno.readFile(file.outputs.labels!);
    assert(isSame(bytes, expected), parameters);
    found.add(bytes.toBase64());
  }
  assertEquals(found.size, cases.length, "a parameter changed nothing");
});

/** An image with an empty margin, as of an acquisition. */
function withMargin(image: Image): Image {
  const { width, height, channels } = image, margin = 16;
  const data = new Uint8Array((width + margin) * height * channels);
  for (let row = 0; row < height; row++) {
    const from = row * width * channels;
    data.set(
      image.data.subarray(from, from + width * channels),
      row * (width + margin) * channels,
    );
  }
  return { ...image, width: width + margin, data } as Image;
}

/** Whether bytes are the same, without a listing of all. */
function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

Deno.test("POST /segment takes a form, and the header Accept for a format", async () => {
  const form = new FormData();
  form.set("image", new Blob([image]), "anything.bin");
  const { headers, bytes } = await sent("?model=nuclei", {
    ...{ body: form, headers: { accept: "text/html, text/csv;q=0.5" } },
  });
  assertEquals(headers.get("content-type"), "text/csv; charset=utf-8");
  const objects = Number(headers.get("unet-objects"));
  const lines = new TextDecoder().decode(bytes).trim().split("\n");
  assertEquals(lines.length, objects + 1);
  const json = await sent("?format=json");
  const counts = JSON.parse(new TextDecoder().decode(json.bytes));
  assertEquals([counts.width, counts.height], [80, 64]);
  assertEquals(counts.objects, objects);
});

Deno.test("POST /segment refuses what is no image, no setting or no model, with its status", async () => {
  const cases: [Parameters<typeof sent>, number, RegExp][] = [
    [["", { body: "" }], 400, /found no bytes/],
    [["", { body: "GIF89a" }], 415, /expected a PNG, JPEG or TIFF$/],
    [["", { body: image.slice(0, 60) }], 422, /^Cannot .* "image.png": found/],
    [["", { body: new Uint8Array(200_001) }], 413, /more than 200000 bytes/],
    [["?model=other"], 404, /found none, expected one of nuclei/],
    [["?threshold=2"], 400, /"threshold": found 2 .*from 0 to 1$/],
    [["?min-area=1&min-area=2"], 400, /found it twice/],
    [["?minimal=1"], 400, /found no such setting/],
    [["?format=ome-zarr"], 400, /expected one of png, tiff/],
    [["?crop-borders=yes"], 400, /"crop-borders": .*expected true or false/],
    [["?pixel-size=0"], 400, /"pixel-size": found "0", expected µm/],
    [["?pixel-size=model"], 400, /"pixel-size": found a network whose card/],
    [["?pixel-size=0.5"], 422, /give the image's as image-pixel-size$/],
    [["?plane=all"], 400, /found plane=all.*; use format=tiff$/],
    [["?plane=3"], 422, /found one plane, expected plane 3/],
    [["?channels=0,1"], 400, /expected channel for one of them/],
    [["", { headers: { accept: "text/html" } }], 406, /add format=NAME/],
  ];
  for (const [asked, status, words] of cases) {
    const [found, message] = await refused(...asked);
    assertEquals(found, status, message);
    assertMatch(message, words);
  }
});

Deno.test("POST /segment refuses images of too many pixels by their headers", async () => {
  const [drawn] = synthesize({ count: 1, width: 101, height: 100, seed: 1 });
  const body = Uint8Array.from(await encodePng(drawn!.image));
  const [status, message] = await refused("", { body });
  assertEquals([413, 422].includes(status), true, message);
  assertMatch(message, /10100|10,?000/);
});

Deno.test("POST /segment refuses a stack whose plane nobody chose, with the ways to choose", async () => {
  const body = await Deno.readFile(
    new URL("../infer/fixtures/channels.ome.tif", import.meta.url),
  );
  const [status, message] = await refused("", { body });
  assertEquals(status, 422);
  assertMatch(message, /channel=|channels/);
});

Deno.test("the server answers nobody but programs of this machine", async () => {
  const headers = { origin: "http://evil.example" };
  assertEquals((await refused("", { headers }))[0], 403);
  const probe = await fetch(`${server.url}/v2/health/live`, { headers });
  assertEquals([probe.status, await probe.json()], [200, { live: true }]);
});

Deno.test("addresses that are not there, and other methods, have their status", async () => {
  const statuses = async (method: string, path: string) => {
    const answer = await fetch(server.url + path, { method });
    await answer.body?.cancel();
    return answer.status;
  };
  assertEquals(await statuses("GET", "/"), 404);
  assertEquals(await statuses("GET", "/segment"), 405);
  assertEquals(await statuses("POST", "/metrics"), 405);
  assertEquals(await statuses("GET", "/v2/models/nuclei/versions/1"), 200);
  assertEquals(await statuses("GET", "/v2/models/nuclei/versions/2"), 404);
  assertEquals(await statuses("GET", "/v2/models/%ff"), 404);
  assertEquals(await statuses("GET", "/v2/models/other/ready"), 404);
  assertEquals(await statuses("HEAD", "/v2"), 200);
});

Deno.test("GET /metrics counts answers by route and status, and no address of a client", async () => {
  const before = await fetch(`${server.url}/nowhere`);
  assertEquals(before.status, 404);
  await before.body?.cancel();
  const text = await (await fetch(`${server.url}/metrics`)).text();
  assertMatch(text, /^unet_requests_total\{route="segment",code="200"\} \d+$/m);
  assertMatch(text, /^unet_requests_total\{route="other",code="404"\} \d+$/m);
  assertMatch(text, /^unet_pixels_total\{model="nuclei"\} [1-9]\d*$/m);
  assertMatch(text, /^unet_queue_length 0$/m);
  assert(!text.includes("nowhere"));
});

Deno.test("openServer() refuses a short token, a name given twice, and a model that is not there", async () => {
  await assertRejects(
    () => openServer({ ...wasm, token: "short" }),
    UsageError,
    "found 5 characters, expected at least 16",
  );
  await assertRejects(
    () => openServer({ ...wasm, models: [...nuclei, ...nuclei] }),
    UsageError,
    "found another model of that name",
  );
  await assertRejects(() => openServer({ models: [] }), UsageError, "at least");
  await assertRejects(
    () => openServer({ models: [{ name: "none", path: "none" }] }),
    FileError,
  );
});
