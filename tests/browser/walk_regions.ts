/** What a person does with a part of a large image. */
import type { Page } from "playwright-core";
import type { StudioSeen } from "./call_studio.ts";
import { draw, isShown } from "./hand.ts";

/** Who examines the page, and where texts go. */
interface Examiner {
  readonly seen: StudioSeen;
  readonly examine: (page: Page, name: string) => Promise<void>;
}

/** Draws a region, paints in it, accepts that, and finds it on its image. */
export async function walkRegions(
  page: Page,
  { seen, examine }: Examiner,
): Promise<void> {
  await isShown(page);
  const whole = page.getByRole("button", { name: "Show whole image" });
  await page.getByRole("button", { name: "Draw a region" }).click();
  await draw(page, [[0.4, 0.4], [0.6, 0.6]]);
  await whole.waitFor();
  await isShown(page);
  await page.keyboard.press("b");
  await page.getByRole("button", { name: "Undo" }).waitFor();
  await draw(page, [[0.4, 0.5], [0.6, 0.5]]);
  await page.locator(".row .state.corrected").waitFor();
  await page.keyboard.press("a");
  await page.locator(".row .state.accepted").waitFor();
  await examine(page, "region");
  await whole.click();
  const label = page.locator(".region-frame.accepted > span");
  await label.waitFor();
  await examine(page, "regions");
  await label.click();
  await whole.waitFor();
  seen.texts.names = await page.locator(".row .name").allTextContents();
  seen.texts.note = await page.locator("#regions ~ p").allTextContents();
}
