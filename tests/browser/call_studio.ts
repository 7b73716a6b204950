import { fromFileUrl } from "@std/path";

/** What was seen in a studio's page. */
export interface StudioSeen {
  /** Errors of the page, of its console and of the studio. */
  readonly faults: string[];
  /** What axe finds serious or critical. */
  readonly violations: string[];
  /** Texts of the page, by what they are. */
  readonly texts: Record<string, string[]>;
}

/** The program that does a walk. */
function driverOf(walk: string): string {
  const isEditing = ["correct", "keys", "kill", "touch"].includes(walk);
  return isEditing ? "drive_edits.ts" : "drive_studio.ts";
}

/**
 * Walks through a studio's page in a headless browser, in a process of its own
 * as `callPage()` does.
 *
 * @param chromium The browser.
 * @param folder The studio's folder.
 * @param walk What is done there.
 */
export async function callStudio(
  chromium: string,
  folder: string,
  walk:
    | "predict"
    | "list"
    | "loop"
    | "correct"
    | "keys"
    | "kill"
    | "touch"
    | "train"
    | "measure"
    | "regions"
    | "samples",
): Promise<StudioSeen> {
  const pictures = Deno.env.get("UNET_SCREENSHOTS");
  const { success, code, signal, stdout, stderr } = await new Deno.Command(
    Deno.execPath(),
    {
      args: [
        ...["run", "--quiet", "--allow-all", "--no-check"],
        fromFileUrl(new URL(driverOf(walk), import.meta.url)),
        ...[chromium, folder, walk, ...(pictures ? [pictures] : [])],
      ],
      env: { NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    },
  ).output();
  if (!success) {
    const text = new TextDecoder().decode(stderr);
    throw new Error(`The walk ${walk} ended with ${signal ?? code}: ${text}`);
  }
  return JSON.parse(new TextDecoder().decode(stdout));
}
