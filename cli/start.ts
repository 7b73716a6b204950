/**
 * What the tasks of `deno.json` and the installed command `unet` start: changes
 * to the person's folder, then loads and runs the command line. It imports no
 * package from outside, so that it runs before the first start has downloaded
 * any, and can say so.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { cannot, UnetError } from "@unet/errors";
import { enterPersonFolder } from "./person_folder.ts";
import { printError } from "./terminal.ts";

/** Milliseconds after which loading is said to take its time. */
const patience = 3000;

const entry = new URL("./main.ts", import.meta.url).href;

/** Loads the command line; by a computed name, so that it starts first. */
async function loadMain(): Promise<typeof import("./main.ts")> {
  const timer = setTimeout(
    () => printError("Loading; the first start downloads the libraries …"),
    patience,
  );
  try {
    return await import(entry);
  } finally {
    clearTimeout(timer);
  }
}

/** The fault of a start, in words; nothing where it is a defect. */
function describeFault(error: unknown): string | undefined {
  if (error instanceof UnetError) return error.message;
  if (!(error instanceof TypeError)) return undefined;
  const [, name] = /^Failed caching npm package '(.*)'/.exec(error.message) ??
    [];
  return name && cannot("load", "library", name, {
    found: "it neither on this machine nor on the network",
    remedy: "start once with a connection; later starts need none",
  });
}

if (import.meta.main) {
  let code: number;
  try {
    enterPersonFolder(fromFileUrl(new URL("..", import.meta.url)));
    const { main } = await loadMain();
    code = await main(Deno.args);
  } catch (error) {
    const fault = describeFault(error);
    if (fault === undefined) throw error;
    printError(fault);
    code = 2;
  }
  Deno.exit(code);
}
