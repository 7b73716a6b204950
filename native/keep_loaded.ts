/**
 * Asks the system never to unload a library that is loaded. Deno closes what
 * it opened when a program or a worker ends, and threads that the library
 * started, still running, would find their code gone.
 *
 * @param path The library, by the path that it was loaded from.
 */
export function keepLoaded(path: string): void {
  if (Deno.build.os === "windows") return;
  const isMac = Deno.build.os === "darwin";
  const libc = Deno.dlopen(isMac ? "libSystem.dylib" : "libc.so.6", {
    dlopen: { parameters: ["buffer", "i32"], result: "u64" },
  });
  const lazy = 0x1, noDelete = isMac ? 0x80 : 0x1000;
  libc.symbols.dlopen(
    new TextEncoder().encode(`${path}\0`),
    lazy | noDelete,
  );
  libc.close();
}
