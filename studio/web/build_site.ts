import { join } from "@std/path";
import { makeFolder, writeFile } from "@unet/files";

/** A file of the site. */
export interface SiteFile {
  /** Its name in the folder. */
  readonly name: string;
  /** Its bytes. */
  readonly content: Uint8Array<ArrayBuffer>;
}

/** The library's program for processors with SIMD, which our kernels need. */
const wasmName = "tfjs-backend-wasm-simd.wasm";

/** What a site is made of. */
export interface SiteSources {
  /** The folder of the bundled programs, whose address ends with `/`. */
  readonly programs: URL;
  /** The model that the page brings. */
  readonly model: URL;
}

/**
 * Puts the page's files together.
 *
 * @returns All files of the site.
 * @throws {Deno.errors.NotFound} If one is missing.
 */
export async function makeSite(
  { programs, model }: SiteSources,
): Promise<SiteFile[]> {
  const here = (name: string) => new URL(`page/${name}`, import.meta.url);
  const style = new URL("../page/style.css", import.meta.url);
  const library = import.meta.resolve("@tensorflow/tfjs-backend-wasm");
  const loaded: SiteFile[] = [
    {
      name: "page.css",
      content: await new Blob([
        await Deno.readFile(style),
        await Deno.readFile(here("page.css")),
      ]).bytes(),
    },
    await read("page.js", new URL("page/main.js", programs)),
    await read("worker.js", new URL("worker.js", programs)),
    await read(wasmName, new URL(wasmName, library)),
    await read("nuclei.safetensors", model),
  ];
  const files: SiteFile[] = [
    await indexOf(await Deno.readTextFile(here("index.html")), loaded),
    ...loaded,
    await read("icon.svg", here("icon.svg")),
    await read("page.webmanifest", here("page.webmanifest")),
  ];
  const worker = await Deno.readTextFile(here("service_worker.js"));
  return [...files, await serviceWorker(worker, files)];
}

/**
 * Writes the site into a folder.
 *
 * @param folder The folder, which is made if it is missing.
 * @param files Its files.
 * @returns How many bytes they have.
 * @throws {FileError} If one cannot be written.
 */
export async function writeSite(
  folder: string,
  files: readonly SiteFile[],
): Promise<number> {
  await makeFolder(folder);
  for (const { name, content } of files) {
    await writeFile(join(folder, name), content, "page");
  }
  return files.reduce((sum, { content }) => sum + content.length, 0);
}

async function read(name: string, place: URL): Promise<SiteFile> {
  return { name, content: await Deno.readFile(place) };
}

/**
 * The start page, with the hashes of the files that it loads, and addresses
 * under which no browser holds those of another version.
 */
async function indexOf(
  html: string,
  loaded: readonly SiteFile[],
): Promise<SiteFile> {
  const hashes = await hashesOf(loaded);
  const list = JSON.stringify(Object.fromEntries(hashes));
  const text = hashes.reduce(
    (text, [name, hash]) =>
      text.replace(`"${name}"`, `"${name}?${encodeURIComponent(hash)}"`),
    html,
  );
  return textFile("index.html", text.replace("HASHES", list));
}

/** The service worker of these very files. */
async function serviceWorker(
  program: string,
  files: readonly SiteFile[],
): Promise<SiteFile> {
  const hashes = await hashesOf(files);
  const version = hash(new TextEncoder().encode(JSON.stringify(hashes)));
  // A host gives the first of them by the folder's address, too.
  const [[, index] = []] = hashes;
  const text = program
    .replace('"VERSION"', JSON.stringify(`nuclei ${await version}`))
    .replace('["FILES"]', JSON.stringify([["./", index], ...hashes]));
  return textFile("service_worker.js", text);
}

async function hashesOf(
  files: readonly SiteFile[],
): Promise<[name: string, hash: string][]> {
  return await Promise.all(
    files.map(async ({ name, content }) =>
      [name, await hash(content)] satisfies [string, string]
    ),
  );
}

/** As browsers compare it. */
async function hash(content: Uint8Array<ArrayBuffer>): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", content);
  return `sha256-${new Uint8Array(bytes).toBase64()}`;
}

function textFile(name: string, text: string): SiteFile {
  return { name, content: new TextEncoder().encode(text) };
}
