/**
 * Makes and mends masks in a headless browser as a person does, and prints what
 * was seen as JSON:
 * deno run --allow-all drive_edits.ts CHROMIUM FOLDER WALK [SCREENSHOTS]
 */
import type { Browser, Page } from "playwright-core";
import { openStudio } from "@unet/studio";
import type { StudioSeen } from "./call_studio.ts";
import { draw, isShown, type Place, placeOf } from "./hand.ts";
import { driveBrowser, examinePage, openPage } from "./studio_page.ts";
import { startStudio } from "./studio_process.ts";

const [executablePath, folder = ".", walk = "", pictures] = Deno.args;

const seen: StudioSeen = { faults: [], violations: [], texts: {} };

const walks: Record<string, (browser: Browser) => Promise<void>> = {
  correct: (browser) =>
    withStudio(browser, async (url) =>
      await correct(
        await openPage(browser, url, seen),
        () => openPage(browser, url, seen),
      )),
  keys: (browser) =>
    withStudio(
      browser,
      async (url) => await useKeysAlone(await openPage(browser, url, seen)),
    ),
  touch: (browser) =>
    withStudio(
      browser,
      async (url) => await useFingers(await openPage(browser, url, seen)),
    ),
  kill: killInStroke,
};

async function withStudio(
  browser: Browser,
  work: (url: string) => Promise<void>,
) {
  await using studio = await openStudio(folder, {
    onDefect: (error) => seen.faults.push(`defect: ${error}`),
  });
  await work(studio.url);
  // A page that is open would miss the studio.
  for (const context of browser.contexts()) await context.close();
}

/** Draws objects, mends them, reloads, and does so in two pages at once. */
async function correct(
  page: Page,
  openOther: () => Promise<Page>,
): Promise<void> {
  await isShown(page);
  await page.keyboard.press("b");
  await draw(page, [[0.3, 0.4], [0.4, 0.5], [0.5, 0.4]]);
  await hasObjects(page, "painted", "1 object");
  await draw(page, [[0.6, 0.2], [0.7, 0.2]]);
  await hasObjects(page, "two", "2 objects");
  await page.keyboard.press("Control+z");
  await hasObjects(page, "undone", "1 object");
  await page.keyboard.press("Control+Shift+z");
  await hasObjects(page, "redone", "2 objects");
  await page.keyboard.press("x");
  await draw(page, [[0.4, 0.3], [0.4, 0.7]]);
  await hasObjects(page, "split", "3 objects");
  await page.keyboard.press("p");
  for (const corner of [[0.6, 0.6], [0.8, 0.6], [0.7, 0.8]] as const) {
    await draw(page, [corner]);
  }
  await examine(page, "polygon");
  await page.keyboard.press("c");
  await hasObjects(page, "polygon", "4 objects");
  await page.reload();
  await isShown(page);
  await page.getByRole("button", { name: "Merge" }).click();
  await hasObjects(page, "reloaded", "4 objects");
  await draw(page, [[0.33, 0.43], [0.47, 0.43]]);
  await hasObjects(page, "merged", "3 objects");
  await page.keyboard.press("d");
  await draw(page, [[0.65, 0.2]]);
  await hasObjects(page, "deleted", "2 objects");
  await page.keyboard.press("l");
  await page.getByRole("combobox", { name: "Class" }).fill("big ones");
  await draw(page, [[0.7, 0.65]]);
  await page.getByRole("group", { name: "Classes" })
    .getByRole("button", { name: "big ones 1" }).waitFor();
  await page.keyboard.press("u");
  await draw(page, [[0.2, 0.7], [0.4, 0.75]]);
  await page.locator(".row .state.corrected").waitFor();
  await page.keyboard.press("m");
  await examine(page, "edited");
  const other = await openOther();
  await isShown(other);
  await other.keyboard.press("e");
  await hasObjects(other, "other", "2 objects");
  await other.keyboard.press("d");
  await draw(other, [[0.7, 0.65]]);
  await hasObjects(other, "deleted by the other", "1 object");
  // The first page hears of it, and edits what is there now.
  await hasObjects(page, "heard", "1 object");
  await page.keyboard.press("b");
  await draw(page, [[0.8, 0.3]]);
  await hasObjects(page, "both", "2 objects");
  await hasObjects(other, "heard by the other", "2 objects");
  await other.close();
  await page.getByRole("button", { name: "Accept", exact: true }).click();
  await page.locator(".row .state.accepted").waitFor();
  await page.emulateMedia({ colorScheme: "dark" });
  await page.keyboard.press("?");
  await examine(page, "edit keys");
  await page.keyboard.press("Escape");
  await examine(page, "edited, dark");
}

/** Paints, splits, draws a polygon and takes it back without a pointer. */
async function useKeysAlone(page: Page): Promise<void> {
  await isShown(page);
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  await press("b", "]", "]", "[");
  await page.getByRole("button", { name: "Undo" }).waitFor();
  await press("Enter", ...times(12, "ArrowRight"), "Enter");
  await hasObjects(page, "painted", "1 object");
  await press("x", ...times(6, "ArrowLeft"), ...times(6, "ArrowUp"), "Enter");
  await press(...times(12, "ArrowDown"), "Enter");
  await hasObjects(page, "split", "2 objects");
  await press("p", "Enter", ...times(8, "ArrowRight"), "Enter");
  await press(...times(8, "Shift+ArrowDown"), "Enter", "Backspace");
  await press(...times(8, "ArrowDown"), "Enter", "c");
  await hasObjects(page, "polygon", "3 objects");
  await press("Control+z", "Control+z");
  await hasObjects(page, "undone", "1 object");
  await press("Control+y");
  await hasObjects(page, "redone", "2 objects");
  await press("Escape", "a");
  await page.locator(".row .state.accepted").waitFor();
}

const times = (count: number, key: string): string[] => Array(count).fill(key);

/** Paints by a finger; two fingers zoom, and leave no stroke. */
async function useFingers(page: Page): Promise<void> {
  await isShown(page);
  const session = await page.context().newCDPSession(page);
  const touch = async (type: string, ...places: Place[]) => {
    const touchPoints: { x: number; y: number; id: number }[] = [];
    for (const [id, place] of places.entries()) {
      const [x, y] = await placeOf(page, place);
      touchPoints.push({ x, y, id });
    }
    await session.send("Input.dispatchTouchEvent", {
      type: type as "touchStart",
      touchPoints,
    });
  };
  await page.keyboard.press("b");
  await page.getByRole("button", { name: "Undo" }).waitFor();
  await touch("touchStart", [0.3, 0.3]);
  for (const x of [0.35, 0.4, 0.45, 0.5]) await touch("touchMove", [x, 0.3]);
  await touch("touchEnd");
  await hasObjects(page, "painted", "1 object");
  const zoomed = page.locator(".zoom");
  const before = await zoomed.textContent();
  await touch("touchStart", [0.4, 0.6]);
  await touch("touchStart", [0.4, 0.6], [0.6, 0.6]);
  for (const by of [0.02, 0.04, 0.06, 0.1]) {
    await touch("touchMove", [0.4 - by, 0.6], [0.6 + by, 0.6]);
  }
  await touch("touchEnd");
  await zoomed.filter({ hasNotText: before! }).waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await hasObjects(page, "undone", "0 objects");
}

/** Kills the studio while a stroke is drawn, and opens it again. */
async function killInStroke(browser: Browser): Promise<void> {
  const first = await startStudio(folder);
  const page = await openPage(browser, first.url, seen);
  await isShown(page);
  await page.keyboard.press("b");
  for (const [at, y] of [0.2, 0.4, 0.6].entries()) {
    await draw(page, [[0.3, y], [0.5, y]]);
    await hasObjects(page, `stroke ${at}`, at === 0 ? "1 object" : `${at + 1}`);
  }
  await page.mouse.move(...await placeOf(page, [0.3, 0.8]));
  await page.mouse.down();
  await page.mouse.move(...await placeOf(page, [0.4, 0.8]), { steps: 4 });
  await first.end("SIGKILL");
  await page.mouse.move(...await placeOf(page, [0.5, 0.8]), { steps: 4 });
  await page.mouse.up();
  await page.locator(".fault").waitFor();
  seen.texts.lost = await page.locator(".fault span").allTextContents();
  await page.close();
  // The page cannot reach the server: no fault of the program.
  seen.faults.length = 0;
  const second = await startStudio(folder);
  const after = await openPage(browser, second.url, seen);
  await isShown(after);
  await after.keyboard.press("b");
  await hasObjects(after, "after the kill", "3 objects");
  await after.keyboard.press("Control+z");
  await hasObjects(after, "undone after the kill", "2 objects");
  await after.locator(".row .state.corrected").waitFor();
  await second.end();
}

async function hasObjects(page: Page, name: string, text: string) {
  const found = page.locator("#correct ~ p").filter({
    hasText: new RegExp(`^${text}`),
  });
  await found.waitFor();
  seen.texts[name] = await found.allTextContents();
}

const examine = (page: Page, name: string) =>
  examinePage(page, name, { seen, pictures });

await driveBrowser(executablePath, async (browser) => {
  await walks[walk]!(browser);
  return seen;
});
