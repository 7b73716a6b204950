/** The hand of a person who gives images, and draws on them. */
import { join } from "@std/path";
import type { Page } from "playwright-core";

/** A place in the viewer, as shares of its width and height. */
export type Place = readonly [x: number, y: number];

/** Ends when the image is seen. */
export async function isShown(page: Page): Promise<void> {
  await page.locator(".zoom").filter({ hasText: "%" }).waitFor();
}

/** Where a place is on the screen. */
export async function placeOf(
  page: Page,
  [x, y]: Place,
): Promise<[number, number]> {
  const box = (await page.locator(".viewer").boundingBox())!;
  return [box.x + x * box.width, box.y + y * box.height];
}

/** Gives the page files of a folder. */
export async function give(
  page: Page,
  folder: string,
  names: readonly string[],
): Promise<void> {
  await page.locator("input[type=file]").first()
    .setInputFiles(names.map((name) => join(folder, name)));
}

/** Draws a stroke from place to place. */
export async function draw(page: Page, places: readonly Place[], steps = 8) {
  const [first, ...others] = places;
  await page.mouse.move(...await placeOf(page, first!));
  await page.mouse.down();
  for (const place of others) {
    await page.mouse.move(...await placeOf(page, place), { steps });
  }
  await page.mouse.up();
}

/**
 * Draws a stroke through pixels of an image of which all is seen.
 *
 * @param page The page.
 * @param size The size of the image.
 * @param points The pixels, `[x, y, x, y, …]`.
 */
export async function drawPixels(
  page: Page,
  { width, height }: { readonly width: number; readonly height: number },
  points: readonly number[],
): Promise<void> {
  const box = (await page.locator(".viewer").boundingBox())!;
  const zoom = Math.min(box.width / width, box.height / height);
  const left = box.x + (box.width - zoom * width) / 2;
  const top = box.y + (box.height - zoom * height) / 2;
  for (let at = 0; at < points.length; at += 2) {
    // The middle of a pixel.
    const x = left + zoom * (points[at]! + 0.5);
    const y = top + zoom * (points[at + 1]! + 0.5);
    await page.mouse.move(x, y);
    if (at === 0) await page.mouse.down();
  }
  await page.mouse.up();
}
