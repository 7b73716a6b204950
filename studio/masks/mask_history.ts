import { cannot, FileError } from "@unet/errors";
import type { Labels } from "@unet/data";
import { type Change, faultOfChange, reversed } from "./change.ts";
import type { ClassChange, HeldFile } from "./edit_line.ts";
import { EditLog, type SavedLabels } from "./edit_log.ts";
import type { SavedMask } from "./mask_state.ts";
import type { MaskMark } from "../folder/image_states.ts";
import type { Operation } from "./operation.ts";

/** What an edit did to a mask. */
export interface Effect {
  /** To its labels. */
  readonly change: Change;
  /** To the classes of its objects. */
  readonly classes: readonly ClassChange[];
}

/** The effect that takes one back. */
export function inverseOf({ change, classes }: Effect): Effect {
  return {
    change: reversed(change),
    classes: classes.map(([object, before, after]) => [object, after, before]),
  };
}

/**
 * What was done to a mask, on the disk. It begins with labels that were not made
 * here; these are noted with the first edit of theirs.
 */
export class MaskHistory {
  readonly #log: EditLog;
  /** Labels that the log does not know yet, by name, and their file. */
  #taken: { readonly taken: string; readonly file: HeldFile | null } | null =
    null;

  private constructor(log: EditLog) {
    this.#log = log;
  }

  /**
   * Opens a history.
   *
   * @param path The log, which need not be there.
   * @throws {FileError} If it cannot be read, or is damaged.
   */
  static async open(path: string): Promise<MaskHistory> {
    return new MaskHistory(await EditLog.open(path));
  }

  /** The number of the last edit; labels that were taken count as one. */
  get number(): number {
    return this.#log.number + (this.#taken === null ? 0 : 1);
  }

  /** Whether an edit can be taken back. */
  get canUndo(): boolean {
    return this.#taken === null && this.#log.undoable !== undefined;
  }

  /** Whether an edit can be made again. */
  get canRedo(): boolean {
    return this.#taken === null && this.#log.redoable !== undefined;
  }

  /**
   * Whether labels of a file are ones that were written here.
   *
   * @param name The name of the labels.
   * @returns Up to which edit; nothing where they are somebody else's.
   */
  numberOf(name: string): number | undefined {
    if (this.#taken !== null) return undefined;
    const isThis = ({ labels }: SavedLabels) => labels === name;
    return this.#log.saved.find(isThis)?.number;
  }

  /** Whether edits began with no mask, and all are taken back. */
  get isWithoutFile(): boolean {
    return this.#taken === null && this.#log.isWithoutFile;
  }

  /** How the mask's file is, and whether it is as it was. */
  savedAs(mark: MaskMark | null, objects: number): SavedMask {
    const content = mark && this.#log.contentOf(mark);
    return {
      ...{ mark, objects },
      isAs: (before) =>
        content !== undefined && this.#log.contentOf(before) === content,
    };
  }

  /**
   * Begins anew with labels that were not made here.
   *
   * @param name Their name.
   * @param file Their file; null where there is none.
   */
  take(name: string, file: HeldFile | null): void {
    this.#taken = { taken: name, file };
  }

  /**
   * Adds an edit, which is on the disk once this returns.
   *
   * @throws {FileError} If it cannot be written.
   */
  async add(operation: Operation, { change, classes }: Effect): Promise<void> {
    if (this.#taken !== null) {
      const number = this.#log.number + 1;
      await this.#log.add({ number, ...this.#taken });
      this.#taken = null;
    }
    await this.#log.add({
      ...{ number: this.#log.number + 1, operation, change },
      ...(classes.length > 0 && { classes }),
    });
  }

  /**
   * Notes that an edit is taken back, or made again.
   *
   * @param tool Which of both.
   * @param labels The labels as they are.
   * @returns What that does to the mask; null where there is no such edit.
   * @throws {FileError} If the log cannot be read or written, or its change
   * cannot be made to these labels.
   */
  async step(
    tool: "undo" | "redo",
    labels: Labels,
  ): Promise<Effect | null> {
    const isUndo = tool === "undo";
    if (isUndo ? !this.canUndo : !this.canRedo) return null;
    const number = this.#log.number + 1;
    const of = isUndo ? this.#log.undoable! : this.#log.redoable!;
    const made = await this.#effectOf(of);
    const effect = isUndo ? inverseOf(made) : made;
    this.#require(effect, labels, of);
    await this.#log.add(isUndo ? { number, undo: of } : { number, redo: of });
    return effect;
  }

  /**
   * What all edits did that came after one, in their order.
   *
   * @param after The number of that one.
   * @param labels The labels after it; each effect is made to them before the
   * next is asked for.
   * @throws {FileError} If the log cannot be read, or its changes cannot be made
   * to these labels.
   */
  async *since(after: number, labels: Labels): AsyncGenerator<Effect> {
    for (let number = after + 1; number <= this.#log.number; number++) {
      const line = await this.#log.read(number);
      if ("taken" in line) continue;
      const effect = "undo" in line
        ? inverseOf(await this.#effectOf(line.undo))
        : await this.#effectOf("redo" in line ? line.redo : number);
      this.#require(effect, labels, number);
      yield effect;
    }
  }

  /** Notes that the mask's file is about to hold labels. */
  async noteSaving(number: number, name: string): Promise<void> {
    await this.#log.add({ saving: number, labels: name });
  }

  /** Notes that it holds them; null where there is no file, as at first. */
  async noteSaved(number: number, file: HeldFile | null): Promise<void> {
    await this.#log.add({ saved: number, ...(file && { file }) });
  }

  async #effectOf(number: number): Promise<Effect> {
    const line = await this.#log.read(number);
    if ("change" in line) {
      return { change: line.change, classes: line.classes ?? [] };
    }
    throw this.#damaged({ found: `no change in line ${number}` });
  }

  /** The log is a file, which may be damaged or somebody else's. */
  #require({ change }: Effect, labels: Labels, number: number): void {
    const fault = faultOfChange(labels, change);
    if (fault === null) return;
    const { found, expected } = fault;
    throw this.#damaged({ found: `${found} in line ${number}`, expected });
  }

  #damaged(fault: { readonly found: string; readonly expected?: string }) {
    return new FileError(
      cannot("read", "edits", this.#log.path, {
        ...fault,
        remedy: "move the file away to begin a new one; the mask stays",
      }),
    );
  }
}
