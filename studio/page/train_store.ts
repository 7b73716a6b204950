import { computed, effect, signal, untracked } from "@preact/signals";
import type { ListedRun } from "../folder/runs.ts";
import type { TrainingView } from "../jobs/trainings.ts";
import type { FormInput } from "../server/train_form.ts";
import { askJson, send } from "./api.ts";
import { counts, loadModels, model, models, orShowFault } from "./store.ts";

/** The training under way, or the last one. */
export const training = signal<TrainingView | null>(null);

/** The trainings of the folder. */
export const runs = signal<readonly ListedRun[]>([]);

/** What a person may type, and what holds where nothing is. */
export interface TrainForm {
  /** The name that is offered. */
  readonly name: string;
  /** The recipe that gives what is usual. */
  readonly recipe: string;
  /** The inputs. */
  readonly inputs: readonly FormInput[];
}

/** The form; null before it is known. */
export const form = signal<TrainForm | null>(null);

/** Stands for a network that starts from no model. */
export const newNetwork = "";

/** The model that a person chose to start from; null for the one that predicts. */
export const chosenStart = signal<string | null>(null);

/** The model that a training starts from, or {@linkcode newNetwork}. */
export const start = computed(() => {
  const chosen = chosenStart.value ?? model.value;
  return chosen === null || !models.value.includes(chosen) &&
      chosen !== newNetwork
    ? newNetwork
    : chosen;
});

/** What was typed, by the input's name. */
export const typed = signal<Readonly<Record<string, string | boolean>>>({});

/** The name that was typed; empty for the one that is offered. */
export const typedName = signal("");

/** Whether a training is under way. */
export const isTraining = computed(() =>
  training.value?.state === "running" || training.value?.state === "stopping"
);

/** Images with a mask to learn from. */
export const usable = computed(() =>
  counts.value.corrected + counts.value.accepted
);

/** The numbers of the samples that the training drew last. */
export const samples = signal<readonly number[]>([]);

/** Types something, or takes it back. */
export function type(name: string, value: string | boolean): void {
  const { [name]: _, ...others } = typed.value;
  const isNothing = value === "" || value === false;
  typed.value = isNothing ? others : { ...others, [name]: value };
}

/** Keeps what is usual up to date with the model and the recipe. */
export function followForm(): void {
  effect(() => {
    const from = start.value, { recipe } = typed.value;
    if (models.value.length === 0) return;
    untracked(() => orShowFault(loadForm(from, recipe)));
  });
}

async function loadForm(
  from: string,
  recipe: string | boolean | undefined,
): Promise<void> {
  const found = await askJson<TrainForm>("/api/train/form", {
    ...(from !== newNetwork && { model: from }),
    ...(typeof recipe === "string" && { recipe }),
  });
  if (from === start.value && recipe === typed.value.recipe) form.value = found;
}

/** Reads which trainings there are, and what is under way. */
export async function loadTrainings(): Promise<void> {
  runs.value = await askJson<ListedRun[]>("/api/runs");
  training.value = await askJson<TrainingView | null>("/api/training");
  await loadSamples();
}

/** Takes how a training is now; its model is chosen when it ended. */
export async function takeTraining(view: TrainingView): Promise<void> {
  const before = training.value;
  training.value = view;
  if (before?.rows.length !== view.rows.length) await loadSamples();
  if (view.state === "running" || view.state === "stopping") return;
  runs.value = await askJson<ListedRun[]>("/api/runs");
  await loadModels();
  const own = runs.value.find(({ name }) => name === view.name)?.model;
  if (view.state === "ended" && own) {
    model.value = own;
    chosenStart.value = null;
  }
  typedName.value = "";
  await loadForm(start.value, typed.value.recipe);
}

async function loadSamples(): Promise<void> {
  const view = training.value;
  samples.value = view === null || view.rows.length === 0
    ? []
    : await askJson<number[]>("/api/train/samples", { name: view.name });
}

/** Begins a training. */
export async function train(): Promise<void> {
  const name = typedName.value.trim();
  // What was typed for a new network holds for no other.
  const known = new Set(form.value?.inputs.map(({ name }) => name));
  const values = Object.fromEntries(
    Object.entries(typed.value).filter(([name]) => known.has(name)),
  );
  // How it goes is reported, so that no answer is taken for what comes later.
  await send<TrainingView>("/api/train", {
    model: start.value === newNetwork ? null : start.value,
    values,
    ...(name !== "" && { name }),
  });
}

/** Continues a training. */
export async function resume(name: string): Promise<void> {
  await send<TrainingView>("/api/train/resume", { name });
}

/** Lets the training save and end. */
export async function stop(): Promise<void> {
  await send<TrainingView>("/api/train/stop", {});
}
