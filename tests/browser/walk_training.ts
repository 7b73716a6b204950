/**
 * Trains in a studio's page as a person does who has no mouse.
 *
 * @module
 */
import type { Page } from "playwright-core";
import { pressButton } from "./studio_page.ts";
import type { StudioSeen } from "./call_studio.ts";

/** What a walk notes, and how it looks at the page. */
export interface WalkTools {
  /** What was seen. */
  readonly seen: StudioSeen;
  /** Judges what is seen now, and takes a picture of it. */
  examine(page: Page, name: string): Promise<void>;
}

/** A network that trains in seconds, as a person types it. */
const tiny: Readonly<Record<string, string>> = {
  Width: "0.0625",
  Tile: "64",
  "Batch size": "2",
  "Validation share": "0",
  Device: "wasm",
  Workers: "0",
  "Batch norm batches": "0",
};

/** Trains, predicts by the new model, stops a training, and resumes it. */
export async function walkTraining(
  page: Page,
  { seen, examine }: WalkTools,
): Promise<void> {
  await page.waitForSelector(".row");
  await page.getByRole("button", { name: "Train on 2 masks" }).waitFor();
  // Models come after the images; until then, a new network is all there is.
  await page.getByLabel("Start from").locator("option", { hasText: "nuclei" })
    .first().waitFor({ state: "attached" });
  await page.getByText("More settings").waitFor();
  await examine(page, "train-form");
  await tabTo(page, "Start from");
  await page.keyboard.press("End");
  await tabTo(page, "Name");
  await page.keyboard.type("tiny");
  await tabTo(page, "Epochs");
  await page.keyboard.type("2");
  await tabTo(page, "More settings");
  await page.keyboard.press("Enter");
  await page.getByText("Network", { exact: true }).waitFor();
  await examine(page, "train-settings");
  for (const [name, value] of Object.entries(tiny)) {
    await page.getByLabel(name, { exact: true }).focus();
    await page.keyboard.type(value);
  }
  await page.keyboard.press("Enter");
  await page.getByText("Finished: 2 epochs").waitFor();
  await page.locator(".tools").evaluate((tools) => tools.scrollTop = 0);
  await examine(page, "trained");
  await page.emulateMedia({ colorScheme: "dark" });
  await examine(page, "trained-dark");
  await page.emulateMedia({ colorScheme: "light" });
  const model = page.getByRole("region", { name: "Predict" })
    .locator("select").first();
  await model.locator("option:checked", { hasText: "tiny" })
    .waitFor({ state: "attached" });
  seen.texts.models = await model.locator("option").allTextContents();
  seen.texts.chosen = await model.locator("option:checked").allTextContents();
  await page.locator(".row", { hasText: "2.png" }).click();
  await pressButton(page, "This image");
  await page.getByText("Finished: 1 image").waitFor();
  seen.texts.states = await page.locator(".row .state").allTextContents();
  await compareModels(page, { seen, examine });
  await stopAndResume(page, seen);
}

/** Shows the new model beside a published one, with one view. */
async function compareModels(
  page: Page,
  { seen, examine }: WalkTools,
): Promise<void> {
  await page.locator(".row", { hasText: "0.png" }).click();
  await pressButton(page, "Compare models");
  await pressButton(page, "Compare on this image");
  const scores = page.locator(".side .note");
  await scores.filter({ hasText: "F1 of objects" }).nth(1).waitFor();
  seen.texts.scores = await scores.allTextContents();
  seen.texts.sides = await page.locator(".side option:checked")
    .allTextContents();
  await page.locator(".pane").first().hover();
  await page.mouse.wheel(0, -300);
  await examine(page, "compare");
  await page.emulateMedia({ colorScheme: "dark" });
  await examine(page, "compare-dark");
  await page.emulateMedia({ colorScheme: "light" });
  await pressButton(page, "Compare models");
  await page.locator(".compare").waitFor({ state: "detached" });
}

async function stopAndResume(page: Page, seen: StudioSeen): Promise<void> {
  await page.getByLabel("Start from").selectOption({ label: "A new network" });
  await page.getByLabel("Name", { exact: true }).fill("long");
  await page.getByLabel("Epochs", { exact: true }).fill("500");
  await pressButton(page, "Train on 2 masks");
  await page.getByText(/Epoch ([2-9]|\d\d+) of 500/).waitFor();
  await pressButton(page, "Stop");
  await page.getByText(/Stopped after \d+ of 500 epochs/).waitFor();
  await page.reload();
  const resume = page.locator(".run", { hasText: "long" }).getByRole("button");
  // The page asks for the trainings when it has begun.
  await resume.waitFor();
  seen.texts.resumable = await page.locator(".run .name").allTextContents();
  await resume.press("Enter");
  await page.getByText(/Epoch \d+ of 500/).waitFor();
  await pressButton(page, "Stop");
  await page.getByText(/Stopped after \d+ of 500 epochs/).waitFor();
}

/** The label of the field that has the focus, or a button's text. */
const nameOfFocus = `[...document.activeElement.labels ?? []]
  .concat(document.activeElement)
  .map(({ textContent }) => textContent).join(" ")`;

/** Goes to a field or a button by the Tab key alone. */
async function tabTo(page: Page, words: string): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press("Tab");
    const here = await page.evaluate(nameOfFocus) as string;
    if (here.trim().startsWith(words)) return;
  }
  throw new Error(`Cannot reach "${words}" by the Tab key`);
}

/** Has images drawn into an empty folder, and asks what to correct next. */
export async function walkSamples(
  page: Page,
  { seen, examine }: WalkTools,
): Promise<void> {
  await page.getByText("This folder has no images").waitFor();
  await examine(page, "empty");
  await tabTo(page, "Draw sample images");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".row");
  await page.locator(".zoom").filter({ hasText: "%" }).waitFor();
  seen.texts.first = await page.locator(".steps [aria-current]")
    .allTextContents();
  await examine(page, "first-steps");
  for (const at of [0, 1]) {
    if (at > 0) await page.keyboard.press("j");
    await pressButton(page, "This image");
    await page.locator(".row").nth(at).getByText("Predicted").waitFor();
    await page.getByText("Finished: 1 image").waitFor();
  }
  seen.texts.second = await page.locator(".steps [aria-current]")
    .allTextContents();
  await page.keyboard.press("n");
  await page.locator('.row[aria-posinset="1"][aria-selected="true"]').waitFor();
  await page.keyboard.press("n");
  await page.locator('.row[aria-posinset="2"][aria-selected="true"]').waitFor();
  await page.emulateMedia({ colorScheme: "dark" });
  await examine(page, "next-dark");
}
