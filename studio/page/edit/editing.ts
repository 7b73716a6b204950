import { computed, effect, signal, untracked } from "@preact/signals";
import type { Rectangle } from "@unet/data";
import type {
  EditAnswer,
  MaskEdit,
  MaskState,
} from "../../masks/mask_state.ts";
import { askJson, send } from "../api.ts";
import { takeClasses } from "../classes/class_store.ts";
import { draft } from "../draft.ts";
import {
  fault,
  loadShown,
  maskStyle,
  orShowFault,
  selected,
  shown,
} from "../store.ts";
import { tool } from "./tools.ts";

/** The mask that is edited, and whose it is; null while there is none. */
export const editing = signal<(MaskState & { readonly name: string }) | null>(
  null,
);

/** What the last edit came to, for the person. */
export const editNote = signal<string | null>(null);

/** Why the mask of the image cannot be edited; null if it can. */
export const refusal = signal<string | null>(null);

/** The labels that are edited on the image that is shown; null without. */
export const editedMask = computed(() =>
  editing.value?.name === shown.value?.name ? editing.value?.mask : undefined
);

/** Draws a part of the mask anew. */
export const redrawMask = signal<
  (part: Rectangle, version: string) => Promise<void>
>(() => Promise.resolve());

/** Edits and reports of edits, one after the other. */
let last: Promise<void> = Promise.resolve();

/** Opens the mask of the image that is shown as soon as a tool is chosen. */
export function followTools(): void {
  effect(() => {
    // What was said of one image does not hold for the next.
    selected.value;
    editNote.value = null;
    refusal.value = null;
  });
  effect(() => {
    const name = shown.value?.name ?? null, isEdited = tool.value !== "move";
    // What the sliders show is no mask yet.
    if (draft.value !== null) tool.value = "move";
    if (!isEdited || name === null) return;
    untracked(() => {
      if (maskStyle.value === "none") maskStyle.value = "outlines";
      if (editing.value?.name !== name) inTurn(() => loadEditing(name));
    });
  });
  // Another program may have changed the mask while it was in front.
  addEventListener("focus", () => {
    if (selected.value === null) return;
    orShowFault(loadShown());
    if (editing.value) inTurn(reloadEditing);
  });
}

/** Does an edit once those before it are done. */
export function edit(operation: MaskEdit): Promise<void> {
  const name = shown.value?.name;
  return inTurn(async () => {
    const known = editing.value;
    if (!known || known.name !== name) return;
    try {
      const answer = await send<EditAnswer>("/api/edit", {
        ...{ name, mask: known.mask, number: known.edit, edit: operation },
      });
      await take(known.name, answer);
      editNote.value = answer.changed ? null : answer.note ?? null;
    } catch (error) {
      fault.value = error instanceof Error ? error.message : String(error);
      await reloadEditing();
    }
  });
}

/** Takes what the server reports of an edit, of this page or another one. */
export function hearOfEdit(
  { name, ...answer }: EditAnswer & { readonly name: string },
): void {
  if (shown.value?.name !== name) return;
  inTurn(async () => {
    const known = editing.value;
    if (known?.name !== name) return await loadShown();
    if (known.mask === answer.mask && answer.edit <= known.edit) return;
    const isNext = known.mask === answer.mask &&
      answer.edit === known.edit + 1;
    if (isNext) await take(name, answer);
    else await reloadEditing();
  });
}

/** Asks for the mask anew, if one is edited. */
export function refreshEditing(): void {
  if (editing.value) inTurn(reloadEditing);
}

async function take(
  name: string,
  { changed, reclassed, note: _, ...state }: EditAnswer,
): Promise<void> {
  const note = editing.value?.note;
  editing.value = { ...state, name, ...(note !== undefined && { note }) };
  const { mask, edit } = state;
  if (reclassed) takeClasses(reclassed);
  // Where the objects of a class are is not known here.
  const part = reclassed ? wholeImage() : changed;
  if (part) await redrawMask.value(part, `${mask}-${edit}`);
}

function wholeImage(): Rectangle {
  const { width, height } = shown.value!;
  return { x: 0, y: 0, width, height };
}

async function reloadEditing(): Promise<void> {
  const name = editing.value?.name;
  if (name === undefined || selected.value !== name) return;
  await loadEditing(name);
}

async function loadEditing(name: string): Promise<void> {
  try {
    const state = await askJson<MaskState>("/api/mask", { name });
    if (selected.value !== name) return;
    const known = editing.value;
    editing.value = { ...state, name };
    refusal.value = null;
    // What was edited in between is drawn anew, wherever it is.
    if (known?.mask !== state.mask || known.edit === state.edit) return;
    await redrawMask.value(wholeImage(), `${state.mask}-${state.edit}`);
  } catch (error) {
    if (selected.value !== name) return;
    editing.value = null;
    refusal.value = error instanceof Error ? error.message : String(error);
    tool.value = "move";
  }
}

function inTurn(work: () => Promise<void>): Promise<void> {
  last = last.then(() => orShowFault(work()));
  return last;
}
