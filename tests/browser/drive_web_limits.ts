/**
 * Strains the page that works without a server, in a headless browser, and
 * prints what was seen as JSON:
 * deno run --allow-all drive_web_limits.ts CHROMIUM SITE IMAGES WALK [STEPS]
 *
 * The walk `large` cancels after so many steps of progress, or at the end.
 */
import { join } from "@std/path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { give } from "./hand.ts";
import { serveFolder, type StaticHost } from "./serve_folder.ts";
import { driveBrowser, examinePage, openPage } from "./studio_page.ts";
import type { HostileFile, LimitsSeen } from "./call_web_limits.ts";

const [executablePath, site = ".", images = ".", walk = "", steps] = Deno.args;

/** How long something may take until it is seen, on a busy machine. */
const timeout = 200_000;

const seen: LimitsSeen = {
  ...{ faults: [], violations: [], texts: {}, numbers: {} },
};

const walks: Readonly<
  Record<string, (browser: Browser, host: StaticHost) => Promise<void>>
> = { large, hostile, tabs };

/** What the page's own thread notes of itself, frame by frame. */
const watch = `
  globalThis.watched = { longest: 0, shares: [], times: [] };
  let last = performance.now();
  const look = (time) => {
    watched.longest = Math.max(watched.longest, time - last);
    last = time;
    const share = document.querySelector(".job progress")?.value;
    if (share > 0 && share !== watched.shares.at(-1)) {
      watched.shares.push(share);
      watched.times.push(time);
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame((time) => {
    last = time;
    requestAnimationFrame(look);
  });
`;

/** Predicts a large image, cancels it, and predicts the next one. */
async function large(browser: Browser, host: StaticHost): Promise<void> {
  const page = await openReady(browser, host.url);
  await page.evaluate(watch);
  await page.waitForTimeout(1000);
  const { longest: idle } = await watched(page);
  await page.evaluate("watched.longest = 0");
  await give(page, images, ["large.tif"]);
  const until = Number(steps ?? 2);
  await becomes(
    page,
    `watched.shares.length >= ${until} || ` +
      `document.querySelector(".job")?.textContent.includes("Finished")`,
  );
  const { longest, shares, times } = await watched(page);
  const memory = await peakMemory(browser);
  const started = performance.now();
  if (await page.getByText("Finished").count() === 0) {
    await page.getByRole("button", { name: "Cancel" }).press("Enter");
    await page.getByText("Canceled").waitFor();
  }
  const canceled = performance.now() - started;
  await giveGood(page);
  seen.numbers = {
    ...{ idle: [idle], longest: [longest], canceled: [canceled] },
    ...{ shares, times, memory: [memory] },
  };
  await note(page, "states", ".row .state");
}

/** Asks by the debugger, for the page lets no script make another. */
async function becomes(page: Page, condition: string): Promise<void> {
  for (let waited = 0; waited < timeout; waited += 100) {
    if (await page.evaluate(condition)) return;
    await page.waitForTimeout(100);
  }
  throw new Error(`It did not become true within ${timeout} ms: ${condition}`);
}

async function watched(page: Page): Promise<{
  readonly longest: number;
  readonly shares: number[];
  readonly times: number[];
}> {
  return await page.evaluate("watched");
}

/** Gives files that lie, all at once, then one that does not. */
async function hostile(browser: Browser, host: StaticHost): Promise<void> {
  const page = await openReady(browser, host.url);
  const list: HostileFile[] = JSON.parse(
    await Deno.readTextFile(join(images, "files.json")),
  );
  const files = await Promise.all(list.map(async ({ name, file }) => ({
    ...{ name, mimeType: "" },
    buffer: Buffer.from(await Deno.readFile(join(images, file))),
  })));
  await page.locator("input[type=file]").first().setInputFiles(files);
  await page.getByText("Finished").waitFor();
  await note(page, "refused", ".fault span");
  await note(page, "faults", ".job .problem");
  await note(page, "rows", ".row");
  await examinePage(page, "web-hostile", { seen, pictures: undefined });
  if (await page.locator(".fault button").count() > 0) {
    await page.locator(".fault button").press("Enter");
  }
  await giveGood(page);
  await note(page, "states", ".row .state");
  seen.texts.marked = [await page.evaluate("String(globalThis.marked)")];
  seen.numbers.memory = [await peakMemory(browser)];
}

/**
 * Opens two tabs, closes one in the midst of its work, gets a newer build, and
 * goes without the network.
 */
async function tabs(browser: Browser, host: StaticHost): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
  });
  const page = await openReady(context, host.url);
  await page.evaluate("navigator.serviceWorker.ready.then(() => true)");
  await giveGood(page);
  const before = await threadsOf(browser);
  const other = await openReady(context, host.url);
  await give(other, images, ["large.tif"]);
  await becomes(other, `document.querySelector(".job progress")?.value > 0`);
  const running = await threadsOf(browser);
  await other.close();
  const left = await threadsLeft(browser, before);
  seen.numbers.threads = [before, running, left];
  await giveGood(page);
  await note(page, "rows", ".row .state");
  await update(context, page, host);
  await context.close();
}

/** Puts a newer build in the place of the one that is open, and opens it. */
async function update(
  context: BrowserContext,
  page: Page,
  host: StaticHost,
): Promise<void> {
  const newer = join(images, "newer");
  for (const { name } of Deno.readDirSync(newer)) {
    await Deno.copyFile(join(newer, name), join(site, name));
  }
  await page.evaluate(`
    globalThis.isUpdated = false;
    navigator.serviceWorker.addEventListener("controllerchange", () => {
      isUpdated = true;
    });
  `);
  // A page that opens has the browser look for a newer build.
  const opened = await openReady(context, host.url);
  await becomes(page, "isUpdated");
  await opened.close();
  // The page that was open continues with what it has.
  await giveGood(page);
  await context.setOffline(true);
  const fresh = await context.newPage();
  const files: Promise<[string, string]>[] = [];
  fresh.on("response", (response) => {
    const name = new URL(response.url()).pathname.slice(1) || "index.html";
    files.push(
      response.body().then(async (body) => [
        name,
        new Uint8Array(
          await crypto.subtle.digest("SHA-256", new Uint8Array(body)),
        ).toHex(),
      ]),
    );
  });
  await fresh.goto(host.url);
  await fresh.getByText("Drop images here").waitFor();
  await giveGood(fresh);
  await note(fresh, "offline", ".row .state");
  seen.texts.newer = (await Promise.all(files)).map((pair) => pair.join(" "))
    .toSorted();
  seen.texts.caches = await fresh.evaluate("caches.keys()");
}

/** Processes of pages, by their numbers. */
async function renderers(browser: Browser): Promise<number[]> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  return processInfo.filter(({ type }) => type === "renderer")
    .map(({ id }) => id);
}

/** How many threads of all pages run. */
async function threadsOf(browser: Browser): Promise<number> {
  const namesOf = (id: number): string[] => {
    try {
      return [...Deno.readDirSync(`/proc/${id}/task`)].map(({ name }) =>
        Deno.readTextFileSync(`/proc/${id}/task/${name}/comm`)
      );
    } catch (error) {
      // The process or one of its threads ended meanwhile.
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    }
  };
  return (await renderers(browser)).flatMap(namesOf)
    .filter((name) => name.startsWith("DedicatedWorker")).length;
}

/** How many are left, once they are as few as before. */
async function threadsLeft(browser: Browser, before: number): Promise<number> {
  let left = await threadsOf(browser);
  for (let tries = 0; left > before && tries < 300; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    left = await threadsOf(browser);
  }
  return left;
}

/** The most memory that a process of pages has held so far, in MiB. */
async function peakMemory(browser: Browser): Promise<number> {
  const peaks = (await renderers(browser)).map((id) => {
    const status = Deno.readTextFileSync(`/proc/${id}/status`);
    return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  });
  return Math.max(...peaks);
}

async function openReady(
  where: Browser | BrowserContext,
  url: string,
): Promise<Page> {
  const page = await openPage(where, url, seen);
  page.setDefaultTimeout(timeout);
  await page.getByText("Drop images here").waitFor();
  return page;
}

/** Gives one image more, and ends when it is found. */
async function giveGood(page: Page): Promise<void> {
  const found = page.locator(".row .state.predicted");
  const before = await found.count();
  await give(page, images, ["good.png"]);
  await found.nth(before).waitFor();
}

async function note(page: Page, name: string, place: string): Promise<void> {
  seen.texts[name] = await page.locator(place).allInnerTexts();
}

await using host = serveFolder(site);
await driveBrowser(executablePath, async (browser) => {
  await walks[walk]!(browser, host);
  return seen;
}, ["--disable-background-networking"]);
