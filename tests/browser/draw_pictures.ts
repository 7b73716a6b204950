/**
 * Takes the pictures of docs/studio.md in a headless browser, on images that the
 * studio draws:
 * deno run --allow-all draw_pictures.ts CHROMIUM FOLDER OUT
 */
import { join } from "@std/path";
import type { Page } from "playwright-core";
import type { StudioSeen } from "./call_studio.ts";
import { draw, isShown, type Place } from "./hand.ts";
import { driveBrowser, openPage } from "./studio_page.ts";
import { startStudio } from "./studio_process.ts";

const [executablePath, folder = ".", out = "."] = Deno.args;

const seen: StudioSeen = { faults: [], violations: [], texts: {} };

/** Predicts, corrects, trains and compares, with a picture of each. */
async function drawAll(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Draw sample images" }).click();
  await isShown(page);
  await page.getByRole("button", { name: "All 10 images" }).click();
  await page.getByText("Finished: 10 images").waitFor();
  await page.getByRole("button", { name: "Hide" }).click();
  await select(page, "stained-0001.png");
  await shoot(page, "predict");
  await zoomTo(page, [0.5, 0.5]);
  await page.keyboard.press("b");
  await page.keyboard.press("m");
  await page.getByRole("button", { name: "Accept", exact: true }).waitFor();
  await draw(page, [[0.2, 0.85], [0.28, 0.82], [0.33, 0.86]]);
  await page.locator(".row .state.corrected").waitFor();
  await page.keyboard.press("x");
  await page.locator(".viewer").hover();
  await shoot(page, "correct");
  await page.keyboard.press("v");
  await page.keyboard.press("m");
  await page.keyboard.press("m");
  for (const name of ["fluorescence-0000.png", "stained-0001.png"]) {
    await select(page, name);
    await page.keyboard.press("a");
    await page.locator(".row", { hasText: name }).locator(".accepted")
      .waitFor();
  }
  await train(page);
  await select(page, "stained-0004.png");
  await page.getByRole("button", { name: "Compare models" }).click();
  await page.getByRole("button", { name: "Compare on this image" }).click();
  await page.getByText("Finished: 2 models").waitFor();
  await shoot(page, "compare");
}

/** Trains a few epochs on what was accepted, and shows the curve. */
async function train(page: Page): Promise<void> {
  const values = { Epochs: "8", "Tiles per epoch": "8", "Batch size": "2" };
  await page.locator("details.more")
    .evaluate((details) => details.setAttribute("open", ""));
  for (const [name, value] of Object.entries(values)) {
    await page.getByLabel(name, { exact: true }).fill(value);
  }
  await page.getByRole("button", { name: "Train on 2 masks" }).click();
  await page.getByText(/Epoch 7 of 8/).waitFor();
  await page.locator("#train").evaluate((title) => title.scrollIntoView());
  await page.emulateMedia({ colorScheme: "dark" });
  await shoot(page, "train");
  await page.emulateMedia({ colorScheme: "light" });
  await page.getByText("Finished: 8 epochs").waitFor();
}

async function select(page: Page, name: string): Promise<void> {
  await page.locator(".row", { hasText: name }).click();
  await page.getByRole("region", { name: `Image ${name}` }).waitFor();
}

async function zoomTo(page: Page, [x, y]: Place): Promise<void> {
  const box = (await page.locator(".viewer").boundingBox())!;
  await page.mouse.move(box.x + x * box.width, box.y + y * box.height);
  await page.mouse.wheel(0, -300);
}

/** Takes a picture once the view rests and tiles are there. */
async function shoot(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(3000);
  await page.screenshot({ path: join(out, `${name}.png`) });
}

const studio = await startStudio(folder);
try {
  await driveBrowser(executablePath, async (browser) => {
    await drawAll(await openPage(browser, studio.url, seen));
    if (seen.faults.length > 0) throw new Error(seen.faults.join("; "));
    return {};
  });
} finally {
  await studio.end();
}
