/** What drivers of a page do alike. */
import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import type { StudioSeen } from "./call_studio.ts";

/** How long something may take until it is seen; more than any machine needs. */
const timeout = 600_000;

/**
 * Does some work in a headless browser, and prints what it came to as JSON.
 *
 * @param executablePath The browser.
 * @param work The work; the browser is closed when it ends.
 * @param flags Flags of the browser besides.
 */
export async function driveBrowser(
  executablePath: string | undefined,
  work: (browser: Browser) => Promise<unknown>,
  flags: readonly string[] = [],
): Promise<void> {
  const browser = await chromium.launch({
    executablePath: executablePath!,
    args: ["--no-sandbox", ...flags],
  });
  try {
    const json = JSON.stringify(await work(browser));
    // All of it, however much that is.
    await new Response(json).body!
      .pipeTo(Deno.stdout.writable, { preventClose: true });
  } finally {
    await browser.close();
  }
}

/** Presses a button by the keyboard, once it can be pressed. */
export async function pressButton(page: Page, name: string): Promise<void> {
  const options = { name, exact: true, disabled: false };
  await page.getByRole("button", options).press("Enter");
}

/** Judges what is seen now as people with disabilities meet it. */
export async function examinePage(
  page: Page,
  name: string,
  { seen, pictures }: {
    readonly seen: Pick<StudioSeen, "faults" | "violations" | "texts">;
    readonly pictures: string | undefined;
  },
): Promise<void> {
  if (pictures) await page.screenshot({ path: `${pictures}/${name}.png` });
  // By the debugger, for the page itself lets no script in.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate("axe.run()") as {
    violations: { id: string; impact: string; nodes: { html: string }[] }[];
  };
  for (const { id, impact, nodes } of violations) {
    if (impact !== "serious" && impact !== "critical") continue;
    seen.violations.push(`${name}: ${id}: ${nodes[0]?.html}`);
  }
}

/** Opens a studio's page, and notes every fault that it shows. */
export async function openPage(
  browser: Pick<Browser, "newPage">,
  url: string,
  seen: Pick<StudioSeen, "faults" | "texts">,
): Promise<Page> {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 800 },
  });
  page.setDefaultTimeout(timeout);
  page.on("console", (message) => {
    if (message.type() === "error") seen.faults.push(message.text());
  });
  page.on("pageerror", ({ message }) => seen.faults.push(message));
  page.on("dialog", (dialog) => {
    seen.faults.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  await page.goto(url);
  seen.texts.address = [page.url().replace(/:\d+/, "")];
  return page;
}
