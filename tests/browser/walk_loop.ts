/**
 * Goes the studio's whole way in a page: from an empty folder to a better model.
 *
 * @module
 */
import type { Page } from "playwright-core";
import { strokesOf } from "../flow/_paint_truth.ts";
import {
  drawInto,
  type Drawn,
  firstTraining,
  plan,
  scoreMasks,
  secondTraining,
  type TrainingValues,
} from "../flow/_studio_loop.ts";
import { drawPixels, isShown } from "./hand.ts";
import type { WalkTools } from "./walk_training.ts";

/** What fields are called whose names the page does not show. */
const labels: Readonly<Record<string, string>> = {
  lr: "Learning rate",
  batch: "Batch size",
  validation: "Validation share",
};

/** Paints, trains, predicts, corrects and trains again. */
export async function walkLoop(
  page: Page,
  folder: string,
  { seen, examine }: WalkTools,
): Promise<void> {
  await page.getByText("This folder has no images").waitFor();
  const images = await drawInto(folder, 1);
  await page.getByRole("button", { name: "Reload" }).click();
  for (const at of plan.painted) {
    await select(page, images[at]!);
    await paint(page, images[at]!);
    // What was painted before the page is loaded anew stays.
    if (at === plan.painted[1]) await page.reload();
  }
  await page.locator(".row .state.corrected").nth(2).waitFor();
  await examine(page, "painted");
  await type(page, firstTraining);
  await page.getByRole("button", { name: "Train on 3 masks" }).click();
  await page.getByText(`Finished: ${firstTraining.epochs} epoch`).waitFor();
  seen.texts.first = await predictAndScore(page, folder, images, "model-1");
  await examine(page, "first-model");
  for (const at of plan.corrected) {
    await select(page, images[at]!);
    await erase(page, images[at]!);
    await paint(page, images[at]!);
  }
  await type(page, secondTraining);
  await page.getByRole("button", { name: "Train on 5 masks" }).click();
  // The training is the server's: it runs while nobody looks.
  await page.getByText(/Epoch \d+ of/).waitFor();
  await page.reload();
  await page.getByText(`Finished: ${secondTraining.epochs} epoch`).waitFor();
  seen.texts.second = await predictAndScore(page, folder, images, "model-2");
  await select(page, images[plan.judges[3]]!);
  await examine(page, "second-model");
}

async function select(page: Page, { name }: Drawn): Promise<void> {
  await page.locator(".row", { hasText: name }).click();
  await page.getByRole("region", { name: `Image ${name}` }).waitFor();
  await isShown(page);
}

/** Paints every object by a stroke of the brush. */
async function paint(page: Page, { labels }: Drawn): Promise<void> {
  const strokes = strokesOf(labels);
  await takeTool(page, "Brush", strokes[0]!.size);
  for (const { points } of strokes) await stroke(page, labels, points);
}

/** Clears the mask by an eraser that is wider than the image. */
async function erase(page: Page, { labels }: Drawn): Promise<void> {
  await takeTool(page, "Eraser", 200);
  const { width, height } = labels;
  await stroke(page, labels, [0, 0, width - 1, height - 1]);
}

async function takeTool(page: Page, name: string, size: number) {
  await page.getByRole("button", { name, exact: true }).click();
  await page.getByRole("slider", { name: "Size" }).fill(String(size));
  // Where the mask is open, it can be accepted.
  await page.getByRole("button", { name: "Accept", exact: true }).waitFor();
}

/** Draws a stroke, and waits until the studio has it. */
async function stroke(
  page: Page,
  image: Drawn["labels"],
  points: readonly number[],
): Promise<void> {
  const answer = page.waitForResponse((response) =>
    response.url().endsWith("/api/edit")
  );
  await drawPixels(page, image, points);
  await answer;
}

/** Types the settings of a training. */
async function type(page: Page, values: TrainingValues): Promise<void> {
  const start = page.getByLabel("Start from");
  const isNew = "width" in values;
  if (isNew) await start.selectOption({ label: "A new network" });
  const more = page.locator("details.more");
  await more.evaluate((details) => details.setAttribute("open", ""));
  for (const [name, value] of Object.entries(values)) {
    const words = labels[name] ?? name.replaceAll("-", " ");
    const label = words[0]!.toUpperCase() + words.slice(1);
    const field = page.getByLabel(label, { exact: true });
    const isChoice = await field.evaluate(({ tagName }) =>
      tagName === "SELECT"
    );
    if (isChoice) await field.selectOption(String(value));
    else await field.fill(String(value));
  }
}

/**
 * Predicts all images that nobody corrected by the model that was trained last,
 * and scores those that judge.
 */
async function predictAndScore(
  page: Page,
  folder: string,
  images: readonly Drawn[],
  model: string,
): Promise<string[]> {
  await page.getByRole("region", { name: "Predict" }).locator("option:checked")
    .filter({ hasText: model }).waitFor({ state: "attached" });
  const before = await page.locator(".row .state.corrected").count();
  const others = images.length - before;
  await page.getByRole("button", { name: `All ${others} images` }).click();
  await page.getByText(`Finished: ${others} images`).waitFor();
  const { objects } = await scoreMasks(folder, images);
  return [String(objects)];
}
