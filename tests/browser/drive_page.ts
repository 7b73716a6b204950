/**
 * Opens the tests' page in a headless browser, calls the functions that stdin
 * lists as JSON, and prints their results as JSON:
 * deno run --allow-all drive_page.ts CHROMIUM < calls.json
 */
import { fromFileUrl, join } from "@std/path";
import { chromium } from "playwright-core";
import type { PageCall, PageResults } from "./call_page.ts";

/** Isolates the page, as a host does that allows threads. */
const headers = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

const html = '<!doctype html><script type="module" src="/page.js"></script>';

/** The folder of tfjs' .wasm files. */
const wasmFolder = fromFileUrl(
  new URL(".", import.meta.resolve("@tensorflow/tfjs-backend-wasm")),
);

/** The page's program in one file. */
async function bundle(): Promise<Uint8Array<ArrayBuffer>> {
  const folder = await Deno.makeTempDir();
  const output = join(folder, "page.js");
  const entry = fromFileUrl(new URL("page.ts", import.meta.url));
  try {
    const { success, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["bundle", "--quiet", "--platform", "browser"],
        ...["--output", output, entry],
      ],
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
    return await Deno.readFile(output);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Serves the page, its program, tfjs' .wasm files and the published model. */
function serve(
  program: Uint8Array<ArrayBuffer>,
): Deno.HttpServer<Deno.NetAddr> {
  const model = new URL(
    "../../models/nuclei/model.safetensors",
    import.meta.url,
  );
  const contentOf = async (
    path: string,
  ): Promise<[BodyInit, string] | null> => {
    if (path === "/") return [html, "text/html"];
    if (path === "/page.js") return [program, "text/javascript"];
    if (path === "/model") {
      return [await Deno.readFile(model), "application/octet-stream"];
    }
    const wasm = /^\/wasm\/([\w-]+\.wasm)$/.exec(path)?.[1];
    return wasm
      ? [await Deno.readFile(join(wasmFolder, wasm)), "application/wasm"]
      : null;
  };
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async ({ url }) => {
      const content = await contentOf(new URL(url).pathname);
      if (!content) return new Response(null, { status: 404, headers });
      const [body, type] = content;
      return new Response(body, {
        headers: { ...headers, "content-type": type },
      });
    },
  );
}

async function drive(
  executablePath: string,
  calls: readonly PageCall[],
): Promise<PageResults> {
  const program = await bundle();
  const server = serve(program);
  const browser = await chromium.launch({
    executablePath,
    args: [
      ...["--no-sandbox", "--disable-background-networking"],
      ...["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"],
    ],
  });
  try {
    const page = await browser.newPage();
    const faults: string[] = [];
    page.on("pageerror", (error) => faults.push(String(error)));
    await page.goto(`http://127.0.0.1:${server.addr.port}/`);
    await page.waitForFunction("'train' in globalThis").catch((cause) => {
      throw new Error(`The page failed: ${faults.join("; ")}`, { cause });
    });
    const results: unknown[] = [];
    for (const [name, ...args] of calls) {
      const call = `(${name})(...${JSON.stringify(args)})`;
      results.push(await page.evaluate(call));
    }
    return { results, bytes: program.length };
  } finally {
    await browser.close();
    await server.shutdown();
  }
}

const [path] = Deno.args;
const calls = await new Response(Deno.stdin.readable).json() as PageCall[];
const results = await drive(path!, calls);
await new Response(JSON.stringify(results)).body!.pipeTo(Deno.stdout.writable);
