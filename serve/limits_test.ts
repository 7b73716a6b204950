import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { encodePng, synthesize } from "@unet/data";
import { openServer, type Server } from "./open_server.ts";

const models = [{ name: "nuclei", path: "nuclei" }];
// Small windows, so that there are many batches between which work can end.
const network = { device: "wasm", window: 128 } as const;

let image: Uint8Array<ArrayBuffer>;

Deno.test.beforeAll(async () => {
  const [drawn] = synthesize({ count: 1, width: 256, height: 256, seed: 7 });
  image = Uint8Array.from(await encodePng(drawn!.image));
});

function send(
  { url }: Server,
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(`${url}/segment?format=json&diameter=off`, {
    ...{ method: "POST", body: image },
    ...(signal && { signal }),
  });
}

async function metric({ url }: Server, pattern: RegExp): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(pattern.exec(text)?.[1] ?? 0);
}

const running = /^unet_running_requests (\d+)$/m;
const pixels = /^unet_pixels_total\{model="nuclei"\} (\d+)$/m;
const gone = /^unet_requests_total\{route="segment",code="499"\} (\d+)$/m;

/** Waits until a number is as expected. */
async function until(
  server: Server,
  pattern: RegExp,
  expected: number,
): Promise<void> {
  while (await metric(server, pattern) !== expected) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Sends bytes, and reads what comes until the server closes. */
async function raw(
  { url }: Server,
  text: string,
  isCut = false,
): Promise<string> {
  const { hostname, port } = new URL(url);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  await connection.write(new TextEncoder().encode(text));
  if (isCut) return "";
  const bytes = new Uint8Array(4096);
  const read = await connection.read(bytes);
  return new TextDecoder().decode(bytes.subarray(0, read ?? 0));
}

const post = (host: string, ...headers: string[]): string =>
  ["POST /segment HTTP/1.1", `Host: ${host}`, ...headers, "", ""].join("\r\n");

Deno.test("a client that goes away ends its work, and the server takes the next request", async () => {
  await using server = await openServer({ models, network });
  const controller = new AbortController();
  const sent = send(server, controller.signal);
  await until(server, running, 1);
  controller.abort();
  await assertRejects(() => sent);
  await until(server, gone, 1);
  await until(server, running, 0);
  // Nothing was finished.
  assertEquals(await metric(server, pixels), 0);
});

Deno.test("a full queue is refused, a stop answers what was let in, and nothing new", async () => {
  await using server = await openServer({ models, network, queue: 1 });
  const first = send(server);
  await until(server, running, 1);
  const waiting = send(server);
  await until(server, /^unet_queue_length (\d+)$/m, 1);
  const refused = await send(server);
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
  const late = await send(server);
  assertEquals(late.status, 503);
  assertMatch((await late.json()).error, /a server that is stopping/);
  const answers = [await first, await waiting];
  assertEquals(answers.map(({ status }) => status), [200, 200]);
  const [one, other] = await Promise.all(answers.map((each) => each.json()));
  assertEquals(one, other);
  await stopped;
});

Deno.test("time that is over ends a request, computed or still arriving", async () => {
  await using server = await openServer({ models, network, seconds: 0.2 });
  const late = await send(server);
  assertEquals(late.status, 504);
  assertMatch((await late.json()).error, /found no end within 0.2 s/);
  // A body that never comes.
  const { host } = new URL(server.url);
  const slow = await raw(server, post(host, "Content-Length: 9") + "abc");
  assertMatch(slow, /^HTTP\/1.1 504 /);
});

Deno.test("bytes that lie about themselves are refused, and the server stays", async () => {
  await using server = await openServer({
    ...{ models, network, mostBytes: 1000 },
  });
  const { host } = new URL(server.url);
  await raw(server, post(host, "Content-Length: 100") + "abc", true);
  const chunked = post(host, "Transfer-Encoding: chunked");
  await raw(server, `${chunked}5\r\nab`, true);
  const large = await raw(
    server,
    `${chunked}7d0\r\n${"a".repeat(2000)}\r\n0\r\n\r\n`,
  );
  assertMatch(large, /^HTTP\/1.1 413 /);
  const said = await raw(server, post(host, "Content-Length: 99999999"));
  assertMatch(said, /^HTTP\/1.1 413 /);
  const both = post(host, "Content-Length: 5", "Transfer-Encoding: chunked");
  assertMatch(await raw(server, `${both}0\r\n\r\n`), /^HTTP\/1.1 400 |^$/);
  assertMatch(
    await raw(server, "\0\0\0\0 HTTP/9\r\n\r\n"),
    /^HTTP\/1.1 400 |^$/,
  );
  const foreign = await raw(
    server,
    post("evil.example", "Content-Length: 1") + "a",
  );
  assertMatch(foreign, /^HTTP\/1.1 403 /);
  const answer = await fetch(`${server.url}/v2/health/ready`);
  assert((await answer.json()).ready);
});
