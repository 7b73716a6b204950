import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { encodePng, synthesize } from "@unet/data";
import { openServer, type Server } from "./open_server.ts";

const models = [{ name: "nuclei", path: "nuclei" }];
// Small windows, so that there are many batches between which work can end.
const network = { device: "wasm", window: 128 } as const;

let image: Uint8Array<ArrayBuffer>, server: Server;

Deno.test.beforeAll(async () => {
  const [drawn] = synthesize({ count: 1, width: 256, height: 256, seed: 7 });
  // Of two values, so that it is a file of few bytes.
  const data = Uint8Array.from(drawn!.image.data, (value) => value & 128);
  image = Uint8Array.from(await encodePng({ ...drawn!.image, data }));
  server = await openServer({
    ...{ models, network, queue: 1, mostBytes: image.length },
  });
});

Deno.test.afterAll(async () => await server[Symbol.asyncDispose]());

function send({ url } = server, signal?: AbortSignal): Promise<Response> {
  return fetch(`${url}/segment?format=json&diameter=off`, {
    ...{ method: "POST", body: image },
    ...(signal && { signal }),
  });
}

async function metric(pattern: RegExp): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const values = [...text.matchAll(pattern)].map(([, value]) => Number(value));
  return values.reduce((sum, value) => sum + value, 0);
}

const running = /^unet_running_requests (\d+)$/gm;
const pixels = /^unet_pixels_total\{model="nuclei"\} (\d+)$/gm;
const gone = /^unet_requests_total\{route="segment",code="499"\} (\d+)$/gm;
// By which of the two it is noticed first.
const broken =
  /^unet_requests_total\{route="segment",code="4(?:00|99)"\} (\d+)$/gm;

/** Waits until a number is as expected; a minute, which no machine takes. */
async function until(pattern: RegExp, expected: number): Promise<void> {
  const since = performance.now();
  for (;;) {
    const found = await metric(pattern);
    if (found === expected) return;
    assert(
      performance.now() - since < 60_000,
      `${pattern.source}: found ${found}, expected ${expected}`,
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Sends bytes, and reads what comes until the server closes. */
async function raw(
  text: string,
  { url = server.url, isCut = false } = {},
): Promise<string> {
  const { hostname, port } = new URL(url);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  await connection.write(new TextEncoder().encode(text));
  if (isCut) return "";
  const bytes = new Uint8Array(4096);
  const read = await connection.read(bytes);
  return new TextDecoder().decode(bytes.subarray(0, read ?? 0));
}

function post(headers: readonly string[], host = new URL(server.url).host) {
  const lines = ["POST /segment HTTP/1.1", `Host: ${host}`, ...headers];
  return [...lines, "", ""].join("\r\n");
}

Deno.test("a client that goes away ends its work, and the server takes the next request", async () => {
  const before = [await metric(gone), await metric(pixels)] as const;
  const controller = new AbortController();
  const sent = send(server, controller.signal);
  await until(running, 1);
  controller.abort();
  await assertRejects(() => sent);
  await until(gone, before[0] + 1);
  await until(running, 0);
  // Nothing was finished.
  assertEquals(await metric(pixels), before[1]);
});

Deno.test("time that is over ends a request, computed or still arriving", async () => {
  await using hasty = await openServer({ models, network, seconds: 0.05 });
  const late = await send(hasty);
  assertEquals(late.status, 504);
  assertMatch((await late.json()).error, /found no end within 0.05 s/);
  // A body that never comes.
  const { url } = hasty, { host } = new URL(url);
  const slow = await raw(post(["Content-Length: 9"], host) + "abc", { url });
  assertMatch(slow, /^HTTP\/1.1 504 /);
});

Deno.test("bytes that lie about themselves are refused, and the server stays", async () => {
  const before = await metric(broken);
  const chunked = post(["Transfer-Encoding: chunked"]);
  await raw(post(["Content-Length: 100"]) + "abc", { isCut: true });
  await raw(`${chunked}5\r\nab`, { isCut: true });
  // Until they are noticed, they count as requests that wait.
  await until(broken, before + 2);
  const many = 2 * image.length, length = many.toString(16);
  const large = await raw(
    `${chunked}${length}\r\n${"a".repeat(many)}\r\n0\r\n\r\n`,
  );
  assertMatch(large, /^HTTP\/1.1 413 /);
  const said = await raw(post(["Content-Length: 99999999"]));
  assertMatch(said, /^HTTP\/1.1 413 /);
  const both = post(["Content-Length: 5", "Transfer-Encoding: chunked"]);
  assertMatch(await raw(`${both}0\r\n\r\n`), /^HTTP\/1.1 400 |^$/);
  assertMatch(await raw("\0\0\0\0 HTTP/9\r\n\r\n"), /^HTTP\/1.1 400 |^$/);
  const foreign = await raw(post(["Content-Length: 1"], "evil.example") + "a");
  assertMatch(foreign, /^HTTP\/1.1 403 /);
  const answer = await fetch(`${server.url}/v2/health/ready`);
  assert((await answer.json()).ready);
});

Deno.test("a full queue is refused, a stop answers what was let in, and nothing new", async () => {
  const first = send();
  await until(running, 1);
  const waiting = send();
  await until(/^unet_queue_length (\d+)$/gm, 1);
  const refused = await send();
  assertEquals([refused.status, refused.headers.get("retry-after")], [
    503,
    "1",
  ]);
  assertMatch((await refused.json()).error, /found 2 requests that wait/);
  const stopped = server.stop();
  const ready = await fetch(`${server.url}/v2/health/ready`);
  assertEquals([ready.status, await ready.json()], [503, { ready: false }]);
  const live = await fetch(`${server.url}/v2/health/live`);
  assertEquals([live.status, await live.json()], [200, { live: true }]);
  const late = await send();
  assertEquals(late.status, 503);
  assertMatch((await late.json()).error, /a server that is stopping/);
  const answers = [await first, await waiting];
  assertEquals(answers.map(({ status }) => status), [200, 200]);
  const [one, other] = await Promise.all(answers.map((each) => each.json()));
  assertEquals(one, other);
  await stopped;
});
