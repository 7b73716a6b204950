/**
 * Measures objects in a studio's page as a person does who has no mouse; a
 * click is made on the picture alone.
 *
 * @module
 */
import type { Page } from "playwright-core";
import { pressButton } from "./studio_page.ts";
import type { WalkTools } from "./walk_training.ts";

/** Predicts, sorts, filters, downloads, chooses objects, and edits one. */
export async function walkMeasure(
  page: Page,
  { seen, examine }: WalkTools,
): Promise<void> {
  const { texts } = seen;
  await page.waitForSelector(".row");
  await pressButton(page, "This image");
  await page.getByText("Finished: 1 image").waitFor();
  // Another device rounds otherwise.
  texts.device = [
    await page.evaluate(
      "fetch('/api/job').then((job) => job.json()).then(({ device }) => device)",
    ),
  ];
  await page.keyboard.press("t");
  const grid = page.getByRole("grid", { name: "Objects of the mask" });
  await grid.waitFor();
  const status = page.locator(".measure-side [role=status]");
  texts.predicted = await status.allTextContents();
  texts.csv = [await download(page, "CSV")];
  await examine(page, "measure");
  for (const order of ["ascending", "descending"]) {
    await page.getByRole("button", { name: /^Area/ }).press("Enter");
    await page.locator(`[role=columnheader][aria-sort=${order}]`).waitFor();
    texts[order] = await columnOf(page, "Area");
  }
  await grid.focus();
  await page.keyboard.press("Home");
  texts.largest = await chosen(page);
  await page.locator(".object-frame").waitFor();
  await page.keyboard.press("ArrowDown");
  texts.second = await chosen(page);
  await page.keyboard.press("End");
  texts.smallest = await chosen(page);
  const [, , , x, y] = texts.second.map(Number);
  await clickOn(page, { x: x!, y: y! });
  texts.clicked = await chosen(page);
  const [, least = "0"] = texts.descending!;
  await page.getByRole("spinbutton", { name: "From" }).fill(least);
  await page.keyboard.press("Enter");
  await status.filter({ hasText: "2 of" }).waitFor();
  texts.filtered = await status.allTextContents();
  texts.filteredCsv = [await download(page, "CSV")];
  await examine(page, "measure-filtered");
  await pressButton(page, "All objects");
  await paintByKeys(page);
  await status.filter({ hasText: "corrected" }).waitFor();
  await status.filter({ hasNotText: "Measuring" }).waitFor();
  texts.corrected = await status.allTextContents();
  await page.emulateMedia({ colorScheme: "dark" });
  await page.setViewportSize({ width: 2560, height: 1440 });
  await examine(page, "measure-dark");
  await page.keyboard.press("t");
  await grid.waitFor({ state: "detached" });
}

/** Paints an object in the corner, without a pointer. */
async function paintByKeys(page: Page): Promise<void> {
  await page.keyboard.press("0");
  await page.keyboard.press("b");
  await page.getByRole("button", { name: "Undo" }).waitFor();
  for (let at = 0; at < 40; at++) await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
}

/** Clicks a pixel of the picture, which is the object of the second row. */
async function clickOn(
  page: Page,
  { x, y }: { readonly x: number; readonly y: number },
): Promise<void> {
  await page.getByRole("button", { name: "Fit" }).press("Enter");
  await page.waitForTimeout(1000);
  const box = (await page.locator(".viewer").boundingBox())!;
  const size = (await page.locator("footer").textContent())!;
  const [, width, height] = /(\d+) × (\d+)/.exec(size)!.map(Number);
  const scale = Math.min(box.width / width!, box.height / height!);
  await page.mouse.click(
    box.x + box.width / 2 + (x + 0.5 - width! / 2) * scale,
    box.y + box.height / 2 + (y + 0.5 - height! / 2) * scale,
  );
  await page.locator("[role=row][aria-selected=true][aria-rowindex='3']")
    .waitFor();
}

/** The cells of the chosen row. */
async function chosen(page: Page): Promise<string[]> {
  const row = page.locator("[role=row][aria-selected=true]");
  await row.waitFor();
  return await row.locator("[role=gridcell]").allTextContents();
}

/** The cells of a column whose name begins so, of the rows that are there. */
async function columnOf(page: Page, name: string): Promise<string[]> {
  const names = await page.getByRole("columnheader").allTextContents();
  const at = names.findIndex((each) => each.startsWith(name));
  const rows = page.locator(".objects-table .body > [role=row]");
  return await rows.locator(`[role=gridcell]:nth-child(${at + 1})`)
    .allTextContents();
}

/** Follows a link by the keyboard, and reads what the browser saves. */
async function download(page: Page, name: string): Promise<string> {
  const saved = page.waitForEvent("download");
  await page.getByRole("link", { name, exact: true }).press("Enter");
  const file = await saved;
  return await Deno.readTextFile(await file.path());
}
