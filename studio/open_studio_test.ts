import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { encodePng } from "@unet/data";
import { FileError } from "@unet/errors";
import { writeFile } from "@unet/files";
import { rawRequest } from "./fixtures/raw_request.ts";
import { visit } from "./fixtures/visitor.ts";
import { openStudio } from "./open_studio.ts";

const image = {
  ...{ width: 8, height: 8, channels: 1, depth: 8 } as const,
  data: new Uint8Array(64),
};

/** A folder with an image, and a file outside of it. */
async function makeFolder(): Promise<{ folder: string; outside: string }> {
  const place = await Deno.makeTempDir();
  const folder = join(place, "images of me");
  const png = await encodePng(image);
  await writeFile(join(folder, "a.png"), png);
  const outside = join(place, "secret.png");
  await writeFile(outside, png);
  return { folder, outside };
}

Deno.test("openStudio() lets in a browser with its token, and lists the images", async () => {
  const { folder } = await makeFolder();
  await using studio = await openStudio(folder);
  const url = new URL(studio.url);
  assertEquals(url.hostname, "127.0.0.1");
  const welcome = await fetch(studio.url, { redirect: "manual" });
  await welcome.body?.cancel();
  assertEquals(welcome.status, 303);
  assertEquals(welcome.headers.get("location"), "/");
  assertMatch(
    welcome.headers.get("set-cookie")!,
    /^unet_studio_\d+=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Strict$/,
  );
  const visitor = await visit(studio);
  const page = await visitor.get("/");
  assertMatch(await page.text(), /<script type="module" src="\/page\.js">/);
  const policy = page.headers.get("content-security-policy")!;
  assert(policy.includes("script-src 'self'") && !policy.includes("unsafe"));
  assert((await (await visitor.get("/page.js")).text()).length > 1000);
  const listed = await (await visitor.get("/api/folder")).json();
  assertEquals(listed, {
    name: "images of me",
    path: await Deno.realPath(folder),
    images: [{ name: "a.png", state: "none" }],
  });
});

Deno.test("openStudio() shows nothing without its cookie, and no cookie without its token", async () => {
  const { folder } = await makeFolder();
  await using studio = await openStudio(folder);
  const { origin } = new URL(studio.url);
  for (
    const path of ["/", "/?token=", `/?token=${"0".repeat(64)}`, "/page.js"]
      .concat("/api/folder", "/api/events")
  ) {
    const response = await fetch(origin + path, { redirect: "manual" });
    assertEquals(response.status, 403, path);
    assertEquals(response.headers.get("set-cookie"), null);
    await response.body?.cancel();
  }
  const forged = await fetch(`${origin}/api/folder`, {
    headers: { cookie: `unet_studio_${new URL(origin).port}=1` },
  });
  assertEquals(forged.status, 403);
  await forged.body?.cancel();
});

Deno.test("openStudio() refuses other hosts, other origins and requests that other sites make", async () => {
  const { folder } = await makeFolder();
  await using studio = await openStudio(folder);
  const port = Number(new URL(studio.url).port);
  const path = new URL(studio.url).pathname + new URL(studio.url).search;
  const status = (...headers: string[]) =>
    rawRequest(port, [`GET ${path} HTTP/1.1`, ...headers]);
  assertEquals(await status(`Host: 127.0.0.1:${port}`), 303);
  assertEquals(await status(`Host: localhost:${port}`), 303);
  for (
    const host of ["evil.example", `evil.example:${port}`, "127.0.0.1", ""]
      .concat(`127.0.0.1:${port + 1}`, `127.0.0.1:${port}.evil.example`)
  ) {
    assert([400, 403].includes(await status(`Host: ${host}`)), host);
  }
  const visitor = await visit(studio);
  for (
    const headers of [
      { origin: "http://evil.example" },
      { origin: "null" },
      { origin: `http://127.0.0.1:${port + 1}` },
      { origin: `https://127.0.0.1:${port}` },
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
    ]
  ) {
    const response = await visitor.get("/api/folder", headers);
    assertEquals(response.status, 403, JSON.stringify(headers));
    assertMatch(
      (await response.json()).error,
      /^Cannot answer request: found /,
    );
  }
});

Deno.test("openStudio() has no other pages and methods, and leads no path out of itself", async () => {
  const { folder } = await makeFolder();
  await using studio = await openStudio(folder);
  const visitor = await visit(studio);
  const { port } = new URL(studio.url);
  for (const path of ["/nothing", "/page", "/api", "/.studio/lock"]) {
    const response = await visitor.get(path);
    assertEquals(response.status, 404, path);
    await response.body?.cancel();
  }
  for (const path of ["/../secret.png", "/%2e%2e/secret.png", "//secret.png"]) {
    const status = await rawRequest(Number(port), [
      `GET ${path} HTTP/1.1`,
      `Host: 127.0.0.1:${port}`,
    ]);
    assert([400, 403, 404].includes(status), path);
  }
  const posted = await visitor.post("/api/folder", {});
  assertEquals(posted.status, 405);
  await posted.body?.cancel();
});

Deno.test("openStudio() refuses a folder that another studio has, and opens it after that one", async () => {
  const { folder } = await makeFolder();
  {
    await using _ = await openStudio(folder);
    await assertRejects(
      () => openStudio(folder),
      FileError,
      `found a studio in process ${Deno.pid}`,
    );
  }
  await using studio = await openStudio(folder);
  assertEquals(studio.warning, null);
});

Deno.test("openStudio() opens a folder whose studio was killed", async () => {
  const { folder } = await makeFolder();
  const note = { process: 1, host: Deno.hostname(), since: "2026-01-31" };
  await writeFile(join(folder, ".studio", "lock"), "");
  await writeFile(join(folder, ".studio", "lock.json"), JSON.stringify(note));
  await using studio = await openStudio(folder);
  assertEquals(studio.warning, null);
});

Deno.test("openStudio() refuses a folder that is not there, a file, and a port in use", async () => {
  const { folder, outside } = await makeFolder();
  await assertRejects(
    () => openStudio(join(folder, "none")),
    FileError,
    "found no such file or folder, expected a folder",
  );
  await assertRejects(() => openStudio(outside), FileError, "found a file");
  await using studio = await openStudio(folder);
  const other = await Deno.makeTempDir();
  const port = Number(new URL(studio.url).port);
  await assertRejects(
    () => openStudio(other, { port }),
    FileError,
    "found a port in use",
  );
  // What failed holds no lock.
  await using _ = await openStudio(other);
});

Deno.test("openStudio() ends although pages listen to its events", async () => {
  const { folder } = await makeFolder();
  const studio = await openStudio(folder);
  const { body, headers } = await (await visit(studio)).get("/api/events");
  assertEquals(headers.get("content-type"), "text/event-stream");
  const reader = body!.getReader();
  const { value } = await reader.read();
  assertEquals(new TextDecoder().decode(value), ": welcome\n\n");
  await studio[Symbol.asyncDispose]();
  assertEquals((await reader.read()).done, true);
});
