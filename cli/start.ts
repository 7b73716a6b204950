/**
 * The program that the tasks of `deno.json` and the installed command `unet`
 * start. It changes to the person's folder, then loads and runs the command
 * line. It imports no package from outside: so it runs before the first start
 * has downloaded any, and can report a failed download.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { UnetError } from "@unet/errors";
import { describeLibraryFault } from "./describe_library_fault.ts";
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

/** The fault of a start, in words; undefined if it is a defect. */
function describeFault(error: unknown): string | undefined {
  if (error instanceof UnetError) return error.message;
  return error instanceof TypeError
    ? describeLibraryFault(error.message)
    : undefined;
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
