import { fromFileUrl } from "@std/path";

/** The page's files, ready to be served. */
export interface PageFiles {
  /** The document. */
  readonly html: Uint8Array<ArrayBuffer>;
  /** All styles. */
  readonly css: Uint8Array<ArrayBuffer>;
  /** The program of the page, in one file. */
  readonly js: Uint8Array<ArrayBuffer>;
  /** The program of its worker, in one file. */
  readonly worker: Uint8Array<ArrayBuffer>;
}

/**
 * Makes the page out of its sources, in memory: nothing is generated that
 * somebody could forget to generate anew.
 *
 * @throws {Error} If the sources do not fit together: a defect.
 */
export async function bundlePage(): Promise<PageFiles> {
  const [html, css, js, worker] = await Promise.all([
    Deno.readFile(new URL("page/index.html", import.meta.url)),
    Deno.readFile(new URL("page/style.css", import.meta.url)),
    bundle(new URL("page/main.tsx", import.meta.url)),
    bundle(new URL("page/objects_worker.ts", import.meta.url)),
  ]);
  return { html, css, js, worker };
}

async function bundle(entry: URL): Promise<Uint8Array<ArrayBuffer>> {
  const { success, errors, outputFiles } = await Deno.bundle({
    entrypoints: [fromFileUrl(entry)],
    platform: "browser",
    format: "esm",
    minify: true,
    write: false,
  });
  const content = outputFiles?.[0]?.contents;
  if (success && content) return content;
  throw new Error(
    `Cannot bundle the page: found ${
      errors.map(({ text }) => text).join("; ")
    }`,
  );
}
