import { fromFileUrl } from "@std/path";

/** Where Debian and others put the browser; `UNET_CHROMIUM` names another. */
const places = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

/** The path of a Chromium on this machine, or undefined. */
export function findChromium(): string | undefined {
  const named = Deno.env.get("UNET_CHROMIUM");
  return (named ? [named] : places).find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  });
}

/** A function of the page, and what it gets. */
export type PageCall = readonly [name: string, ...args: unknown[]];

/** What the page gave. */
export interface PageResults {
  /** A result per call, in order. */
  readonly results: readonly unknown[];
  /** The size of the page's program in bytes. */
  readonly bytes: number;
}

/**
 * Calls functions of the tests' page in a headless browser, one after the
 * other. The browser's driver looks at files that no permission but `--allow-all`
 * covers, so it runs in a process of its own.
 *
 * @param chromium The browser.
 * @param calls The functions and their arguments, plain data.
 */
export async function callPage(
  chromium: string,
  calls: readonly PageCall[],
): Promise<PageResults> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      ...["run", "--quiet", "--allow-all", "--no-check"],
      fromFileUrl(new URL("drive_page.ts", import.meta.url)),
      chromium,
    ],
    env: { NO_COLOR: "1" },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(calls)));
  await writer.close();
  const { success, stdout, stderr } = await child.output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}
