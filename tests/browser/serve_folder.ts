import { join } from "@std/path";

const types: Readonly<Record<string, string>> = {
  html: "text/html",
  js: "text/javascript",
  css: "text/css",
  svg: "image/svg+xml",
  webmanifest: "application/manifest+json",
};

/** A host of static files, as plain as they come: no headers but the type. */
export interface StaticHost extends AsyncDisposable {
  /** Its address, with `/` at the end. */
  readonly url: string;
  /** The paths that were asked for, in order. */
  readonly asked: readonly string[];
}

/** Serves the files of a folder on a free port of this machine. */
export function serveFolder(folder: string): StaticHost {
  const asked: string[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async ({ url }) => {
      const path = new URL(url).pathname;
      asked.push(path);
      const name = path.endsWith("/") ? `${path}index.html` : path;
      try {
        const content = await Deno.readFile(join(folder, name));
        const ending = name.slice(name.lastIndexOf(".") + 1);
        const type = types[ending] ?? "application/octet-stream";
        return new Response(content, { headers: { "Content-Type": type } });
      } catch {
        return new Response(null, { status: 404 });
      }
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    asked,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}
