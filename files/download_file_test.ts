import { assert, assertEquals, assertRejects } from "@std/assert";
import { FileError } from "@unet/errors";
import { createHash } from "node:crypto";
import { join } from "@std/path";
import { downloadFile, sha256Of } from "./download_file.ts";

const content = Uint8Array.from({ length: 50_000 }, (_, at) => at * 31 % 251);
const digest = createHash("sha256").update(content).digest("hex");
const sha256 = digest.slice(0, 8);

/** A server of raw bytes: what each request in turn gets. */
function serve(
  ...answers: ((request: string) => Uint8Array[])[]
): { url: string; requests: string[] } & AsyncDisposable {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const requests: string[] = [];
  const serving = (async () => {
    for await (const connection of listener) {
      using _ = connection;
      const buffer = new Uint8Array(8192);
      let head = "";
      while (!head.includes("\r\n\r\n")) {
        const read = await connection.read(buffer);
        if (read === null) break;
        head += new TextDecoder().decode(buffer.subarray(0, read));
      }
      const answer = answers[Math.min(requests.length, answers.length - 1)]!;
      requests.push(head);
      for (const piece of answer(head)) {
        for (let done = 0; done < piece.length;) {
          done += await connection.write(piece.subarray(done));
        }
      }
    }
  })();
  return {
    url: `http://127.0.0.1:${port}/weights.pth`,
    requests,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving.catch(() => {});
    },
  };
}

const head = (status: string, ...lines: string[]): Uint8Array =>
  new TextEncoder().encode(
    [`HTTP/1.1 ${status}`, "connection: close", ...lines, "", ""].join("\r\n"),
  );

const whole = () => [
  head("200 OK", `content-length: ${content.length}`),
  content,
];

/** What is left after the range that was asked for. */
function rest(request: string): Uint8Array[] {
  const start = Number(/range: bytes=(\d+)-/i.exec(request)![1]);
  return [
    head(
      "206 Partial Content",
      `content-length: ${content.length - start}`,
      `content-range: bytes ${start}-${content.length - 1}/${content.length}`,
    ),
    content.subarray(start),
  ];
}

/** Promises all, and breaks off after a part. */
const broken = (after: number) => () => [
  head("200 OK", `content-length: ${content.length}`),
  content.subarray(0, after),
];

async function place(): Promise<string> {
  return join(await Deno.makeTempDir(), "deep", "weights.pth");
}

async function namesBeside(path: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(join(path, ".."))) names.push(name);
  return names.sort();
}

Deno.test("downloadFile() places a whole file and reports progress", async () => {
  await using server = serve(whole);
  const path = await place();
  const progress: (number | null)[][] = [];
  await downloadFile(server.url, path, {
    sha256,
    onProgress: (done, all) => progress.push([done, all]),
  });
  assertEquals(await Deno.readFile(path), content);
  assertEquals(await namesBeside(path), ["weights.pth"]);
  assertEquals(progress[0], [0, content.length]);
  assertEquals(progress.at(-1), [content.length, content.length]);
  assertEquals(await sha256Of(path), digest);
});

Deno.test("downloadFile() continues where a connection broke off", async () => {
  await using server = serve(broken(20_000), rest);
  const path = await place();
  await downloadFile(server.url, path, { sha256 });
  assertEquals(await Deno.readFile(path), content);
  assertEquals(server.requests.length, 2);
  assert(/range: bytes=\d+-/i.test(server.requests[1]!));
});

Deno.test("downloadFile() continues from what an earlier one left", async () => {
  await using server = serve(rest);
  const path = await place();
  await Deno.mkdir(join(path, ".."), { recursive: true });
  await Deno.writeFile(`${path}.part`, content.subarray(0, 12_345));
  await downloadFile(server.url, path, { sha256 });
  assert(server.requests[0]!.toLowerCase().includes("range: bytes=12345-"));
  assertEquals(await Deno.readFile(path), content);
});

Deno.test("downloadFile() begins anew where a server knows no ranges", async () => {
  await using server = serve(broken(20_000), whole);
  const path = await place();
  await downloadFile(server.url, path, { sha256 });
  assertEquals(await Deno.readFile(path), content);
});

Deno.test("downloadFile() begins anew where more is there than the file has", async () => {
  await using server = serve(() => [head("416 Range Not Satisfiable")], whole);
  const path = await place();
  await Deno.mkdir(join(path, ".."), { recursive: true });
  await Deno.writeFile(`${path}.part`, new Uint8Array(60_000));
  await downloadFile(server.url, path, { sha256 });
  assertEquals(await Deno.readFile(path), content);
});

Deno.test("downloadFile() gives up a server that breaks off again and again, and keeps the part", async () => {
  await using server = serve(broken(20_000), () => [
    head(
      "206 Partial Content",
      "content-length: 30000",
      "content-range: bytes 20000-49999/50000",
    ),
  ]);
  const path = await place();
  const error = await assertRejects(
    () => downloadFile(server.url, path, { sha256, thing: "weights" }),
    FileError,
  );
  assert(
    error.message.startsWith(
      `Cannot download weights "${server.url}": found a connection that broke off after `,
    ),
    error.message,
  );
  assert(
    error.message.endsWith(`download it elsewhere and put it at ${path}`),
  );
  assertEquals(server.requests.length, 4);
  assertEquals(await namesBeside(path), ["weights.pth.part"]);
});

Deno.test("downloadFile() refuses wrong bytes, and leaves nothing of them", async () => {
  const wrong = content.slice();
  wrong[777]! ^= 1;
  await using server = serve(() => [
    head("200 OK", `content-length: ${wrong.length}`),
    wrong,
  ]);
  const path = await place();
  await assertRejects(
    () => downloadFile(server.url, path, { sha256 }),
    FileError,
    `expected ${sha256}…`,
  );
  assertEquals(await namesBeside(path), []);
});

Deno.test("downloadFile() compares every digit of the checksum that it is given", async () => {
  const last = (digits: string): string =>
    digits.slice(0, -1) + (digits.endsWith("0") ? "1" : "0");
  for (const wrong of [last(digest), last(sha256), "0".repeat(8)]) {
    await using server = serve(whole);
    const path = await place();
    const error = await assertRejects(
      () => downloadFile(server.url, path, { sha256: wrong }),
      FileError,
    );
    assert(
      error.message.includes(
        `found a file of SHA-256 ${digest}, expected ${wrong}…; `,
      ),
      error.message,
    );
    assertEquals(await namesBeside(path), []);
  }
  for (const right of [digest, sha256, digest.toUpperCase()]) {
    await using server = serve(whole);
    const path = await place();
    await downloadFile(server.url, path, { sha256: right });
    assertEquals(await Deno.readFile(path), content);
  }
});

Deno.test("downloadFile() refuses a checksum that is too short, too long or no number", async () => {
  for (const sha256 of ["", digest.slice(0, 7), `${digest}0`, "kein-hash"]) {
    await assertRejects(
      () => downloadFile("http://127.0.0.1:1/w", "/nowhere/w", { sha256 }),
      RangeError,
      `Cannot check a download: found SHA-256 "${sha256}", expected 8 to 64`,
    );
  }
});

Deno.test("downloadFile() waits for another that downloads the same file, and fetches nothing then", async () => {
  const gate = Promise.withResolvers<void>();
  await using server = serve(whole);
  const path = await place();
  const first = downloadFile(server.url, path, {
    sha256,
    // Then it has the file that the second one waits for.
    onProgress: (done) => done === 0 && gate.resolve(),
  });
  await gate.promise;
  const second = downloadFile(server.url, path, { sha256 });
  await Promise.all([first, second]);
  assertEquals(await Deno.readFile(path), content);
  assertEquals(server.requests.length, 1);
  assertEquals(await namesBeside(path), ["weights.pth"]);
});

Deno.test("downloadFile() continues what another left that gave up while it waited", async () => {
  const path = await place();
  const begun = Promise.withResolvers<void>();
  const stop = new AbortController();
  await using server = serve(broken(20_000), rest);
  const first = downloadFile(server.url, path, {
    sha256,
    signal: stop.signal,
    onProgress(done) {
      if (done > 0) begun.resolve();
    },
  }).catch((error) => error);
  await begun.promise;
  const second = downloadFile(server.url, path, { sha256 });
  stop.abort(new Error("enough"));
  await first;
  await second;
  assertEquals(await Deno.readFile(path), content);
  assertEquals(await namesBeside(path), ["weights.pth"]);
});

Deno.test("downloadFile() notices a server that lies about the length", async () => {
  for (const length of [content.length - 1000, content.length + 1000]) {
    await using server = serve(() => [
      head("200 OK", `content-length: ${length}`),
      content,
    ]);
    const path = await place();
    await assertRejects(
      () => downloadFile(server.url, path, { sha256 }),
      FileError,
    );
    await assertRejects(() => Deno.stat(path), Deno.errors.NotFound);
  }
});

Deno.test("downloadFile() takes no more than the limit, announced or not", async () => {
  for (const lines of [[`content-length: ${content.length}`], []]) {
    await using server = serve(() => [head("200 OK", ...lines), content]);
    await assertRejects(
      async () =>
        await downloadFile(server.url, await place(), {
          sha256,
          maximalBytes: 40_000,
        }),
      FileError,
      "expected at most 40000",
    );
  }
});

Deno.test("downloadFile() says what a server answered, and where to put the file", async () => {
  await using server = serve(() => [head("404 Not Found")]);
  const path = await place();
  await assertRejects(
    () => downloadFile(server.url, path, { sha256 }),
    FileError,
    `found the answer 404 Not Found; download it elsewhere and put it at ${path}`,
  );
});

Deno.test("downloadFile() says that there is no connection", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  const path = await place();
  await assertRejects(
    () => downloadFile(`http://127.0.0.1:${port}/w`, path, { sha256 }),
    FileError,
    "found no connection (",
  );
});

Deno.test("downloadFile() ends with the signal's reason, and keeps the part", async () => {
  await using server = serve(whole);
  const path = await place();
  const controller = new AbortController();
  const reason = new Error("enough");
  const error = await assertRejects(() =>
    downloadFile(server.url, path, {
      sha256,
      signal: controller.signal,
      onProgress: () => controller.abort(reason),
    })
  );
  assertEquals(error, reason);
  assertEquals(await namesBeside(path), ["weights.pth.part"]);
});

Deno.test("downloadFile() asks the proxy that the environment names, with the permission for its host alone", async () => {
  await using server = serve(whole);
  const path = await place();
  const module = new URL("./download_file.ts", import.meta.url).href;
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-q",
      "--no-prompt",
      "--allow-read",
      "--allow-write",
      "--allow-net=weights.example",
      new URL("fixtures/download.ts", import.meta.url).pathname,
      module,
      "http://weights.example/w.pth",
      path,
      sha256,
    ],
    env: { HTTP_PROXY: new URL(server.url).origin, NO_PROXY: "" },
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  assert(server.requests[0]!.startsWith("GET http://weights.example/w.pth "));
  assertEquals(await Deno.readFile(path), content);
});

Deno.test("sha256Of() words what the system refuses", async () => {
  await assertRejects(
    () => sha256Of("/no/such/file"),
    FileError,
    "found no such file",
  );
});
