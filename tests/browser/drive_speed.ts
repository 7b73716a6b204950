/**
 * Measures the network of the page without a server beside ONNX Runtime's in
 * one headless browser, and prints what was found as JSON:
 * deno run --allow-all drive_speed.ts CHROMIUM FOLDER REQUEST
 *
 * The folder holds `SIZE.png`, `model` and `model.onnx`.
 */
import { fromFileUrl, join } from "@std/path";
import type { Browser, Page } from "playwright-core";
import { driveBrowser } from "./studio_page.ts";

/** What is measured. */
interface SpeedRequest {
  /** The sides of the images. */
  readonly sizes: readonly number[];
  /** How often each is timed, after a run that is not. */
  readonly rounds: number;
  /** Threads of ONNX Runtime; none where it is not measured. */
  readonly threads: readonly number[];
  /** The folder of its files; null where it is not measured. */
  readonly onnxruntime: string | null;
}

interface Engine {
  readonly side: "ours" | "onnxruntime";
  readonly device: "wasm" | "webgpu";
  readonly threads: number;
}

const [executablePath, folder = ".", request = ""] = Deno.args;
const { sizes, rounds, threads, onnxruntime }: SpeedRequest = JSON.parse(
  request,
);

const wasmFolder = fromFileUrl(
  new URL(".", import.meta.resolve("@tensorflow/tfjs-backend-wasm")),
);

/** Allows threads, as a host does whose pages are isolated. */
const isolated = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

const types: Readonly<Record<string, string>> = {
  js: "text/javascript",
  mjs: "text/javascript",
  wasm: "application/wasm",
};

/** What the page does: threads by name, and what their results differ by. */
const program = `
const threads = new Map(), planes = new Map();
globalThis.ask = (name, request) => {
  if (!threads.has(name)) {
    threads.set(name, new Worker("/worker.js", { type: "module" }));
  }
  const thread = threads.get(name);
  return new Promise((resolve, reject) => {
    thread.onerror = ({ message }) => reject(new Error(message));
    thread.onmessage = ({ data: { value, fault } }) => {
      if (fault !== undefined) return reject(new Error(fault));
      if (!value?.object) return resolve(value);
      planes.set(name, value.object);
      const { object, ...plain } = value;
      resolve(plain);
    };
    thread.postMessage(request);
  });
};
globalThis.difference = (one, other) => {
  const a = planes.get(one), b = planes.get(other);
  let most = 0, sides = 0;
  for (let at = 0; at < a.length; at++) {
    most = Math.max(most, Math.abs(a[at] - b[at]));
    if (a[at] > 0.5 !== b[at] > 0.5) sides++;
  }
  return { most, sides: sides / a.length };
};
`;

/** The threads' program, with the page's replacements of the disk. */
async function bundle(): Promise<void> {
  const here = (path: string) => fromFileUrl(new URL(path, import.meta.url));
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["bundle", "--quiet", "--platform", "browser", "--minify"],
      `--import-map=${here("../../studio/web/import_map.json")}`,
      ...["--output", join(folder, "worker.js"), here("speed_worker.ts")],
    ],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

function serve(): Deno.HttpServer<Deno.NetAddr> {
  const placeOf = (path: string): string => {
    const [, place = "", name = ""] = /^\/(?:(\w+)\/)?([\w.-]+)$/.exec(path) ??
      [];
    const places: Readonly<Record<string, string>> = {
      "": folder,
      wasm: wasmFolder,
      onnxruntime: onnxruntime ?? folder,
    };
    return join(places[place] ?? folder, name);
  };
  return Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async ({ url }) => {
      const path = new URL(url).pathname;
      if (path === "/") {
        const html = `<!doctype html><script>${program}</script>`;
        const headers = { ...isolated, "Content-Type": "text/html" };
        return new Response(html, { headers });
      }
      const type = types[path.slice(path.lastIndexOf(".") + 1)] ??
        "application/octet-stream";
      try {
        const content = await Deno.readFile(placeOf(path));
        const headers = { ...isolated, "Content-Type": type };
        return new Response(content, { headers });
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
        return new Response(null, { status: 404, headers: isolated });
      }
    },
  );
}

function ask(page: Page, name: string, request: object): Promise<unknown> {
  return page.evaluate(
    `ask(${JSON.stringify(name)}, ${JSON.stringify(request)})`,
  );
}

/** The name by which rows call what computes. */
function nameOf({ side, device, threads }: Engine): string {
  return device === "webgpu" ? `${side} webgpu` : `${side} wasm ${threads}`;
}

async function measure(page: Page) {
  const gpu = await ask(page, "probe", { type: "probe" });
  const engines: Engine[] = [{ side: "ours", device: "wasm", threads: 1 }];
  if (gpu === null) {
    engines.push({ side: "ours", device: "webgpu", threads: 1 });
  }
  for (const count of onnxruntime === null ? [] : threads) {
    engines.push({ side: "onnxruntime", device: "wasm", threads: count });
  }
  if (onnxruntime !== null && gpu === null) {
    engines.push({ side: "onnxruntime", device: "webgpu", threads: 1 });
  }
  for (const engine of engines) {
    await ask(page, nameOf(engine), { type: "open", engine });
  }
  const rows = [];
  for (const size of sizes) {
    const found = engines.map((engine) => ({
      ...{ engine: nameOf(engine), size, image: [] as number[] },
      ...{ network: [] as number[], window: [] as readonly number[] },
    }));
    // In turn, so that a drift of the machine's speed is shared.
    for (let round = 0; round <= rounds; round++) {
      for (const row of found) {
        const { image, network, window } = await ask(page, row.engine, {
          ...{ type: "predict", size },
        }) as { image: number; network: number; window: readonly number[] };
        row.window = window;
        // The first run compiles, and asks for memory.
        if (round === 0) continue;
        row.image.push(image);
        row.network.push(network);
      }
    }
    for (const row of found) {
      const difference = await page.evaluate(
        `difference(${JSON.stringify(found[0]!.engine)}, ${
          JSON.stringify(row.engine)
        })`,
      );
      rows.push({ ...row, difference });
    }
  }
  return { webgpu: gpu, rows };
}

async function drive(browser: Browser): Promise<unknown> {
  const page = await browser.newPage();
  const server = serve();
  try {
    await page.goto(`http://127.0.0.1:${server.addr.port}/`);
    return { browser: browser.version(), ...await measure(page) };
  } finally {
    await server.shutdown();
  }
}

await bundle();
await driveBrowser(executablePath, drive, ["--disable-background-networking"]);
