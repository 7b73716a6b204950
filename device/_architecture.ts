/** The processor's architecture, or "browser", which does not reveal it. */
export const architecture: string = "Deno" in globalThis
  ? Deno.build.arch
  : "browser";
