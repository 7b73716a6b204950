/**
 * Uses the page that works without a server in a headless browser, and prints
 * what was seen as JSON:
 * deno run --allow-all drive_web.ts CHROMIUM SITE IMAGES WALK [SCREENSHOTS]
 */
import type { Browser, Page } from "playwright-core";
import type { WebSeen } from "./call_web.ts";
import { draw, give, isShown } from "./hand.ts";
import { serveFolder, type StaticHost } from "./serve_folder.ts";
import { driveBrowser, examinePage, openPage } from "./studio_page.ts";

const [executablePath, site = ".", images = ".", walk = "", pictures] =
  Deno.args;

/** How long something may take until it is seen, on a busy machine. */
const timeout = 200_000;

const seen: WebSeen = {
  ...{ faults: [], violations: [], asked: [], texts: {}, files: {} },
};

const walks: Readonly<
  Record<string, (browser: Browser, host: StaticHost) => Promise<void>>
> = { segment };

/** Segments, corrects and downloads, and goes without the network. */
async function segment(browser: Browser, host: StaticHost): Promise<void> {
  const page = await openPage(browser, host.url, seen);
  page.setDefaultTimeout(timeout);
  await page.getByText("Drop images here").waitFor();
  await examine(page, "empty");
  // The browser has taken the page's files for offline use by then.
  await page.evaluate("navigator.serviceWorker.ready.then(() => true)");
  const loaded = host.asked.length;
  await tryToConnect(page);
  await give(page, images, ["a.png", "b.tif"]);
  await page.getByText("Finished: 2 images").waitFor();
  await isShown(page);
  await note(page, "states", ".row .state");
  await page.getByRole("button", { name: "Measure and download" }).click();
  await page.locator("[role=grid]").waitFor();
  await examine(page, "measured");
  for (const name of ["TIFF", "PNG", "CSV", "GeoJSON", "ROI zip"]) {
    await download(page, name, "found");
  }
  await page.keyboard.press("t");
  await page.keyboard.press("d");
  await page.getByRole("button", { name: "Accept", exact: true }).waitFor();
  // A line through all of the image.
  await draw(page, [[0.3, 0.5], [0.7, 0.5]], 30);
  await page.locator(".row .state.corrected").waitFor();
  await page.keyboard.press("v");
  await page.emulateMedia({ colorScheme: "dark" });
  await examine(page, "corrected");
  await page.keyboard.press("t");
  await page.locator("[role=grid]").waitFor();
  await download(page, "TIFF", "corrected");
  await download(page, "CSV", "corrected");
  seen.asked.push(...host.asked.slice(loaded));
  await leave(page);
}

/** Asks for something, from the page and from a thread of it. */
async function tryToConnect(page: Page): Promise<void> {
  const found = await page.evaluate(`(async () => {
    const refused = (error) => error.name;
    const own = await fetch("leak?page").then(() => "sent", refused);
    const picture = await new Promise((resolve) => {
      const image = new Image();
      image.onload = image.onerror = ({ type }) => resolve(type);
      image.src = "leak?picture";
    });
    const sent = navigator.sendBeacon("leak?beacon", "x");
    const code = 'fetch("' + location.href + 'leak?thread")' +
      '.then(() => postMessage("sent"), () => postMessage("refused"))';
    const thread = new Worker(URL.createObjectURL(new Blob([code])));
    const other = await new Promise((resolve) => {
      thread.onmessage = ({ data }) => resolve(data);
    });
    return [own, picture, other, String(sent)];
  })()`) as string[];
  seen.texts.connections = found;
  // The browser reports each of them.
  seen.faults.splice(0);
}

/** Leaves the page with corrections, and opens it without the network. */
async function leave(page: Page): Promise<void> {
  seen.texts.leaving = [await wordOfLeaving(page)];
  await page.keyboard.press("Control+z");
  await page.locator(".row .state.corrected").waitFor({ state: "detached" });
  seen.texts.leaving.push(await wordOfLeaving(page));
  await page.evaluate("navigator.serviceWorker.ready.then(() => true)");
  await page.context().setOffline(true);
  await page.reload();
  await page.getByText("Drop images here").waitFor();
}

/** Whether a person would be asked before the page is left. */
async function wordOfLeaving(page: Page): Promise<string> {
  return await page.evaluate(`(() => {
    const event = new Event("beforeunload", { cancelable: true });
    return dispatchEvent(event) ? "leaves" : "asks";
  })()`);
}

async function download(
  page: Page,
  name: string,
  when: string,
): Promise<void> {
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name, exact: true }).click(),
  ]);
  const bytes = await Deno.readFile((await file.path())!);
  seen.files[`${when}/${file.suggestedFilename()}`] = bytes.toBase64();
}

async function note(page: Page, name: string, place: string): Promise<void> {
  seen.texts[name] = await page.locator(place).allInnerTexts();
}

async function examine(page: Page, name: string): Promise<void> {
  await examinePage(page, `web-${name}`, { seen, pictures });
}

await using host = serveFolder(site);
await driveBrowser(executablePath, async (browser) => {
  await walks[walk]!(browser, host);
  return seen;
}, ["--disable-background-networking"]);
