import { fromFileUrl } from "@std/path";
import { runDeno, type WebSeen } from "./call_web.ts";

/** What was seen in the page while it was strained. */
export interface LimitsSeen
  extends Pick<WebSeen, "faults" | "violations" | "texts"> {
  /** Numbers by what they are: milliseconds, MiB, shares. */
  numbers: Record<string, readonly number[]>;
}

/** A file that is given to the page under another name. */
export interface HostileFile {
  /** Its name in the page. */
  readonly name: string;
  /** Its name in the folder of images. */
  readonly file: string;
}

/**
 * Strains the page in a headless browser, in a process of its own as
 * `callPage()` does.
 *
 * @param chromium The browser.
 * @param site The page's folder; `tabs` puts a newer build there.
 * @param images A folder with `good.png`, and what else the walk needs.
 */
export async function callWebLimits(
  chromium: string,
  { site, images, walk }: {
    readonly site: string;
    readonly images: string;
    readonly walk: "large" | "hostile" | "tabs";
  },
): Promise<LimitsSeen> {
  const driver = fromFileUrl(new URL("drive_web_limits.ts", import.meta.url));
  const printed = await runDeno([
    ...["run", "--quiet", "--allow-all", "--no-check", driver],
    ...[chromium, site, images, walk],
  ]);
  return JSON.parse(printed);
}
