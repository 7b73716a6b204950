import { effect, signal, untracked } from "@preact/signals";
import type { ComparedObjects } from "../server/compare_routes.ts";
import { addressOf, askJson, send } from "./api.ts";
import { images, job, model, models, orShowFault, selected } from "./store.ts";
import { runs } from "./train_store.ts";

/** Whether two models are shown side by side. */
export const isComparing = signal(false);

/** The models that are compared, the old one first. */
export const sides = signal<readonly [string, string] | null>(null);

/** What each of them made of the image; null where nothing is kept. */
export const compared = signal<readonly (ComparedObjects | null)[]>([]);

/** Shows two models side by side: the chosen one, and what it started from. */
export function toggleComparing(): void {
  isComparing.value = !isComparing.value;
  if (isComparing.value) sides.value ??= usualSides();
}

function usualSides(): readonly [string, string] | null {
  const known = models.value, newer = model.value ?? known[0];
  if (newer === undefined) return null;
  const from = runs.value.find((run) => run.model === newer)?.from ?? null;
  // A published model is named by its folder where a training starts from it.
  const older =
    known.find((name) =>
      name === from || from?.split(/[/\\]/).at(-1) === name
    ) ?? known.find((name) => name !== newer) ?? newer;
  return [older, newer];
}

/** Chooses a model of one side. */
export function chooseSide(side: 0 | 1, name: string): void {
  const [older, newer] = sides.value!;
  sides.value = side === 0 ? [name, newer] : [older, name];
}

/** Keeps what is compared up to date. */
export function followComparison(): void {
  effect(() => {
    const name = selected.value, both = sides.value;
    const state = images.value.find((image) => image.name === name)?.state;
    // Another job may have made another model or mask.
    const isRunning = job.value?.state === "running";
    if (!isComparing.value || name === null || both === null || isRunning) {
      return;
    }
    untracked(() => {
      orShowFault(load(name, both));
      return state;
    });
  });
}

async function load(
  name: string,
  both: readonly [string, string],
): Promise<void> {
  compared.value = [];
  const path = addressOf("/api/comparison", { name });
  const query = both.map((one) => `&model=${encodeURIComponent(one)}`).join("");
  const found = await askJson<(ComparedObjects | null)[]>(path + query);
  if (selected.value === name && sides.value === both) compared.value = found;
}

/** Predicts the image by both models. */
export async function compare(): Promise<void> {
  const name = selected.value, models = sides.value;
  job.value = await send("/api/compare", { name, models });
}
