import type { ThreadStart } from "../worker.ts";

/** The files of the library that computes by WebAssembly. */
const wasmName = "tfjs-backend-wasm-simd.wasm";

/** What the page may do once all of it is there: nothing goes out. */
const closed = [
  "default-src 'none'",
  "script-src 'wasm-unsafe-eval'",
  "worker-src blob:",
  "connect-src blob:",
  "img-src blob: data:",
  "form-action 'none'",
].join("; ");

/** What the page is made of, once it is loaded. */
export interface Loaded {
  /** The thread that keeps images and answers the page. */
  readonly room: Worker;
  /** The model that the page brings, and its name. */
  readonly model: { readonly name: string; readonly content: Blob };
}

/**
 * Loads all files of the page, then closes it: a second content security policy
 * forbids every connection from then on, to the page and to its threads, which
 * begin after it and inherit it.
 *
 * @throws {Error} If a file cannot be loaded.
 */
export async function load(): Promise<Loaded> {
  const files = await loadFiles();
  await keepOffline();
  close();
  const script = URL.createObjectURL(
    new Blob([files("worker.js")], { type: "text/javascript" }),
  );
  const wasmUrl = URL.createObjectURL(
    new Blob([files(wasmName)], { type: "application/wasm" }),
  );
  const { port1, port2 } = new MessageChannel();
  const start = (message: ThreadStart, port: MessagePort): Worker => {
    const thread = new Worker(script, { type: "module" });
    thread.postMessage(message, [port]);
    return thread;
  };
  const names = [wasmName, "tfjs-backend-wasm.wasm"];
  const paths = Object.fromEntries(
    [...names, "tfjs-backend-wasm-threaded-simd.wasm"]
      .map((name) => [name, wasmUrl]),
  );
  start({ role: "network", port: port1, wasm: paths }, port1);
  return {
    room: start({ role: "room", network: port2 }, port2),
    model: { name: "nuclei", content: files("nuclei.safetensors") },
  };
}

/**
 * Loads all files of the version that the start page is of, and no others: a
 * host, or the browser, may replace them at any moment.
 *
 * @returns The file of a name.
 */
async function loadFiles(): Promise<(name: string) => Blob> {
  const list = document.querySelector<HTMLMetaElement>("meta[name=hashes]")!;
  const hashes: Readonly<Record<string, string>> = JSON.parse(list.content);
  const files = new Map(
    await Promise.all(
      Object.entries(hashes).map(async ([name, hash]) =>
        [name, await loadFile(name, hash)] as const
      ),
    ),
  );
  return (name) => files.get(name)!;
}

async function loadFile(name: string, integrity: string): Promise<Blob> {
  const cannot = (found: string, cause?: unknown) =>
    new Error(`Cannot load the page: found ${found}. Reload it.`, { cause });
  const address = new URL(
    `${name}?${encodeURIComponent(integrity)}`,
    document.baseURI,
  );
  const response = await fetch(address, { integrity }).catch((cause) => {
    throw cannot(`no ${name} of its version`, cause);
  });
  if (response.ok) return await response.blob();
  throw cannot(`the status ${response.status} for ${name}`);
}

/** Lets the browser keep the page's files; without that it works online. */
async function keepOffline(): Promise<void> {
  try {
    await navigator.serviceWorker?.register("service_worker.js");
  } catch {
    // Private windows and pages that are not secure have no such thing.
  }
}

function close(): void {
  const policy = document.createElement("meta");
  policy.httpEquiv = "Content-Security-Policy";
  policy.content = closed;
  document.head.append(policy);
}
