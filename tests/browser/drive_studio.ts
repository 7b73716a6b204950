/**
 * Opens a studio in a headless browser, does what a person does there, and
 * prints what was seen as JSON:
 * deno run --allow-all drive_studio.ts CHROMIUM FOLDER WALK [SCREENSHOTS]
 */
import type { Page } from "playwright-core";
import { openStudio } from "@unet/studio";
import type { StudioSeen } from "./call_studio.ts";
import { driveBrowser, examinePage, openPage } from "./studio_page.ts";
import { walkLoop } from "./walk_loop.ts";
import { walkMeasure } from "./walk_measure.ts";
import { walkRegions } from "./walk_regions.ts";
import { walkSamples, walkTraining } from "./walk_training.ts";

const [executablePath, folder = ".", walk = "", pictures] = Deno.args;

const seen: StudioSeen = { faults: [], violations: [], texts: {} };

const walks: Record<string, (page: Page) => Promise<void>> = {
  predict: predictAndSave,
  list: scrollThroughList,
  loop: (page) => walkLoop(page, folder, { seen, examine }),
  samples: (page) => walkSamples(page, { seen, examine }),
  measure: (page) => walkMeasure(page, { seen, examine }),
  regions: (page) => walkRegions(page, { seen, examine }),
  train: (page) => walkTraining(page, { seen, examine }),
};

/** Predicts an image, moves a slider, saves, accepts, and reloads. */
async function predictAndSave(page: Page): Promise<void> {
  await page.waitForSelector(".row");
  seen.texts.names = await textsOf(page, ".row .name");
  seen.texts.first = await textsOf(page, ".row .state");
  await page.locator(".zoom").filter({ hasText: "%" }).waitFor();
  await examine(page, "start");
  await page.getByRole("button", { name: "This image" }).click();
  await page.getByText("Finished: 1 image").waitFor();
  seen.texts.predicted = await textsOf(page, ".row .state");
  await page.getByRole("slider", { name: "Min. area" }).fill("300");
  const found = page.locator(".objects [role=status]");
  await found.filter({ hasText: /object/ }).waitFor();
  seen.texts.tried = await textsOf(page, ".objects [role=status]");
  await page.keyboard.press("m");
  await page.keyboard.press("h");
  await examine(page, "sliders");
  await page.getByRole("button", { name: "Save" }).click();
  await found.waitFor({ state: "detached" });
  await page.keyboard.press("a");
  await page.locator(".row .state.accepted").waitFor();
  await page.keyboard.press("j");
  await page.keyboard.press("?");
  await page.getByRole("dialog").waitFor();
  await examine(page, "keys");
  await page.keyboard.press("Escape");
  await page.reload();
  await page.waitForSelector(".row .state.accepted");
  seen.texts.reloaded = await textsOf(page, ".row .state");
  await page.emulateMedia({ colorScheme: "dark" });
  await examine(page, "dark");
}

/** Looks at the beginning and the end of a long list. */
async function scrollThroughList(page: Page): Promise<void> {
  await page.waitForSelector(".row");
  seen.texts.count = await textsOf(page, "header .number");
  seen.texts.rows = [String(await page.locator(".row").count())];
  await page.locator(".list").evaluate((list) => {
    list.scrollTop = list.scrollHeight;
  });
  const last = await page.locator(".row").first().getAttribute("aria-setsize");
  await page.locator(`.row[aria-posinset="${last}"]`).waitFor();
  seen.texts.last = (await textsOf(page, ".row .name")).slice(-1);
}

const examine = (page: Page, name: string) =>
  examinePage(page, name, { seen, pictures });

function textsOf(page: Page, selector: string): Promise<string[]> {
  return page.locator(selector).allTextContents();
}

await using studio = await openStudio(folder, {
  onDefect: (error) => seen.faults.push(`defect: ${error}`),
});
await driveBrowser(executablePath, async (browser) => {
  await walks[walk]!(await openPage(browser, studio.url, seen));
  return seen;
});
