import { fromFileUrl } from "@std/path";

/** What was seen in the page that works without a server. */
export interface WebSeen {
  /** Errors of the page and of its console. */
  readonly faults: string[];
  /** What axe finds serious or critical. */
  readonly violations: string[];
  /** What the host was asked for after the page had loaded. */
  readonly asked: string[];
  /** Texts of the page, by what they are. */
  readonly texts: Record<string, string[]>;
  /** Files that were downloaded, by their names, in base 64. */
  readonly files: Record<string, string>;
}

/**
 * Builds the page, as its task does.
 *
 * @param folder Where it is written.
 */
export async function buildWeb(folder: string): Promise<void> {
  const root = fromFileUrl(new URL("../../", import.meta.url));
  await runDeno(["task", "--quiet", "web", folder], root);
}

/**
 * Walks through the page in a headless browser, in a process of its own as
 * `callPage()` does.
 *
 * @param chromium The browser.
 * @param site The page's folder.
 * @param images A folder of images to open.
 */
export async function callWeb(
  chromium: string,
  { site, images, walk }: {
    readonly site: string;
    readonly images: string;
    readonly walk: "segment";
  },
): Promise<WebSeen> {
  const pictures = Deno.env.get("UNET_SCREENSHOTS");
  const driver = fromFileUrl(new URL("drive_web.ts", import.meta.url));
  const printed = await runDeno([
    ...["run", "--quiet", "--allow-all", "--no-check", driver],
    ...[chromium, site, images, walk, ...(pictures ? [pictures] : [])],
  ]);
  return JSON.parse(printed);
}

/**
 * Runs a program of Deno's, and gives what it printed.
 *
 * @throws {Error} With what it said, if it fails.
 */
export async function runDeno(
  args: readonly string[],
  cwd?: string,
): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(
    Deno.execPath(),
    {
      args: [...args],
      env: { NO_COLOR: "1" },
      ...(cwd !== undefined && { cwd }),
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    },
  ).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}
