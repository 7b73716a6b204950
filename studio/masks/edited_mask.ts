import { UnetError } from "@unet/errors";
import type { Labels } from "@unet/data";
import {
  isAt,
  markOf,
  markOfSync,
  type MaskMark,
} from "../folder/image_states.ts";
import { applyChange, boxOfChange } from "./change.ts";
import { type FoundClasses, readClasses } from "../folder/class_table.ts";
import { ClassWriter } from "./class_writer.ts";
import { LabelAreas } from "./label_areas.ts";
import { MaskClasses, reclassedBy } from "./mask_classes.ts";
import {
  contentOf,
  nameOfLabels,
  nextId,
  readMask,
  removeMask,
  writeMask,
} from "./mask_file.ts";
import { type Effect, inverseOf, MaskHistory } from "./mask_history.ts";
import type {
  ClosedMask,
  EditAnswer,
  MaskEdit,
  MaskEvents,
  MaskPlace,
  MaskState,
  Refusal,
} from "./mask_state.ts";
import { notes } from "./mask_notes.ts";
import { type Operation, perform } from "./operation.ts";
import { requireCurrent, requireEditable } from "./require_editable.ts";

/**
 * A mask in memory that is edited. Each edit is in the log before it is
 * answered; the file follows at once, and holds it when it is written.
 */
export class EditedMask {
  readonly #place: MaskPlace;
  readonly #events: MaskEvents;
  readonly #history: MaskHistory;
  #labels: Labels;
  #areas = new LabelAreas();
  #classes = new MaskClasses({ classes: new Map(), names: [] });
  /** How the file was when it was read or written; null where there was none. */
  #mark: MaskMark | null = null;
  readonly #classWriter: ClassWriter;
  #id = nextId();
  #note: string | undefined;
  /** The last edit that the file holds. */
  #savedNumber = 0;
  #saving: Promise<void> | null = null;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(
    place: MaskPlace,
    history: MaskHistory,
    events: MaskEvents,
  ) {
    this.#place = place;
    this.#history = history;
    this.#events = events;
    this.#classWriter = new ClassWriter(place.classes);
    this.#labels = { width: 0, height: 0, data: new Uint32Array(0) };
  }

  /**
   * Opens a mask to be edited: what its file holds, and edits of the log that
   * did not reach the file.
   *
   * @param place Where it is.
   * @param events Who hears of it.
   * @param closed How it was when it was closed: while the disk has it so, pages
   * may continue with it.
   * @throws {FileError} If the file is no mask of objects, or the log is
   * damaged.
   * @throws {RequestError} If the mask has another size than the image.
   */
  static async open(
    place: MaskPlace,
    events: MaskEvents,
    closed?: ClosedMask,
  ): Promise<EditedMask> {
    const history = await MaskHistory.open(place.log);
    const mask = new EditedMask(place, history, events);
    await mask.#load();
    const { id, ...as } = mask.closed();
    const { id: before, ...was } = closed ?? { id };
    if (JSON.stringify(as) === JSON.stringify(was)) mask.#id = before;
    return mask;
  }

  /** How it is on the disk, to know it again when it is opened once more. */
  closed(): ClosedMask {
    return {
      id: this.#id,
      edit: this.#history.number,
      file: this.#mark,
      log: markOfSync(this.#place.log) ?? null,
    };
  }

  /** What the page knows of it. */
  get state(): MaskState {
    const { number, canUndo, canRedo } = this.#history;
    return {
      ...{ mask: this.#id, edit: number, canUndo, canRedo },
      objects: this.#areas.objects,
      classes: this.#classes.counted(this.#areas),
      ...(this.#note !== undefined && { note: this.#note }),
    };
  }

  /** The labels as they are now; not to be changed. */
  get labels(): Labels {
    return this.#labels;
  }

  /** The classes of all objects that are there, and the names of all classes. */
  get foundClasses(): FoundClasses {
    return this.#classes.found(this.#areas);
  }

  /** Whether the file holds all edits. */
  get isSaved(): boolean {
    return this.#savedNumber === this.#history.number;
  }

  /**
   * Looks whether another program changed the file, and takes what is there.
   *
   * @throws {FileError} If it cannot be read.
   */
  look(): Promise<void> {
    return this.#inTurn(() => this.#look());
  }

  /**
   * Does an edit.
   *
   * @param known What the page takes for the last edit.
   * @param edit What is to be done.
   * @returns What changed; it is on the disk by then.
   * @throws {RequestError} With status 409, if other edits came in between or
   * another program changed the file.
   * @throws {FileError} If a file cannot be read or written.
   */
  edit(
    known: Pick<MaskState, "mask" | "edit">,
    edit: MaskEdit,
  ): Promise<EditAnswer> {
    return this.#inTurn(async () => {
      await this.#look();
      requireCurrent(this.#place, known, this.state);
      const done = await (edit.tool === "undo" || edit.tool === "redo"
        ? this.#step(edit.tool)
        : this.#perform(edit));
      if ("note" in done) {
        return { ...this.state, changed: null, ...done };
      }
      this.#save();
      const changed = boxOfChange(done.change, this.#labels.width);
      const reclassed = reclassedBy(done.classes);
      return { ...this.state, changed, ...(reclassed && { reclassed }) };
    });
  }

  /**
   * Ends when the file holds all edits.
   *
   * @throws {UnetError} If it cannot be written.
   */
  async flush(): Promise<void> {
    await this.#last;
    await this.#saving;
    // What failed before may work now.
    this.#save();
    await this.#saving;
    if (this.isSaved) return;
    throw new UnetError(
      `Cannot write mask of ${
        JSON.stringify(this.#place.name)
      }: found edits that are in its log alone`,
    );
  }

  /** One piece of work at a time. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(work, work);
    this.#last = result.catch(() => {});
    return result;
  }

  /** Takes an edit back, or makes it again. */
  async #step(tool: "undo" | "redo"): Promise<Effect | Refusal> {
    const effect = await this.#history.step(tool, this.#labels);
    if (effect === null) return { note: `There is nothing to ${tool}.` };
    this.#apply(effect);
    return effect;
  }

  async #perform(operation: Operation): Promise<Effect | Refusal> {
    const { change, note } = perform(
      this.#labels,
      operation,
      this.#areas.next,
    );
    this.#areas.take(change);
    const classes = this.#classes.changesBy(operation, {
      ...{ labels: this.#labels, areas: this.#areas, change },
    });
    const effect = { change, classes };
    if (change.length === 0 && classes.length === 0) {
      return { note: note ?? "No object has another class there." };
    }
    try {
      await this.#history.add(operation, effect);
    } catch (error) {
      // What is not in the log did not happen.
      const { change } = inverseOf(effect);
      applyChange(this.#labels, change);
      this.#areas.take(change);
      throw error;
    }
    this.#classes.take(classes);
    return effect;
  }

  #apply({ change, classes }: Effect): void {
    applyChange(this.#labels, change);
    this.#areas.take(change);
    this.#classes.take(classes);
  }

  async #look(): Promise<void> {
    if (!isAt(this.#place.path, this.#mark)) await this.#load();
  }

  /** Reads the file, and the edits that did not reach it. */
  async #load(): Promise<void> {
    const { path, width, height } = this.#place;
    const mark = await markOf(path) ?? null;
    const read = mark === null ? null : await readMask(path);
    const labels = read ??
      { width, height, data: new Uint32Array(width * height) };
    const name = await nameOfLabels(labels);
    const known = this.#history.numberOf(name);
    if (known !== undefined && this.#labels.data.length > 0) {
      // The file was touched, copied or written anew with the same labels.
      this.#mark = mark;
      return;
    }
    const areas = LabelAreas.of(labels);
    requireEditable(this.#place, labels, areas);
    const classes = new MaskClasses(await readClasses(this.#place.classes));
    this.#labels = labels;
    this.#areas = areas;
    this.#classes = classes;
    this.#classWriter.note(classes.within(areas));
    this.#mark = mark;
    this.#id = nextId();
    this.#note = read?.isBinary ? notes.binary : undefined;
    if (known === undefined) {
      const content = contentOf(name, classes.within(areas));
      this.#history.take(name, mark && { ...mark, content });
      this.#savedNumber = this.#history.number;
    } else await this.#replay(known);
  }

  /** Makes edits again that did not reach the file. */
  async #replay(after: number): Promise<void> {
    for await (const effect of this.#history.since(after, this.#labels)) {
      this.#apply(effect);
    }
    this.#savedNumber = after;
    const edits = this.#history.number - after;
    if (edits === 0) return;
    this.#note = notes.replayed(edits);
    this.#save();
  }

  /** Writes the file until it holds all edits, one time after the other. */
  #save(): void {
    if (this.isSaved) return;
    this.#saving ??= (async () => {
      try {
        // Again for edits that came while it was reported.
        do {
          while (!this.isSaved) await this.#write();
          const { objects } = this.#areas;
          const saved = this.#history.savedAs(this.#mark, objects);
          await this.#events.onSaved(saved);
        } while (!this.isSaved);
      } catch (error) {
        this.#events.onFault(error);
      } finally {
        this.#saving = null;
      }
    })();
  }

  async #write(): Promise<void> {
    const { path, pixelSize } = this.#place;
    const id = this.#id, { number, isWithoutFile: isBare } = this.#history;
    const { width, height } = this.#labels;
    // Edits continue while it is written.
    const labels = { width, height, data: this.#labels.data.slice() };
    const name = await nameOfLabels(labels);
    const classes = this.#classes.within(this.#areas);
    const before = this.#mark;
    const isSame = () => id === this.#id && isAt(path, before);
    let end = () => {};
    const ended = new Promise<void>((resolve) => end = resolve);
    try {
      const options = {
        pixelSize,
        // Nobody edits or looks between this and the end.
        beforeEnd: () =>
          new Promise<void>((resolve, reject) => {
            this.#inTurn(async () => {
              if (isSame()) {
                // First, for edits of classes alone leave the labels' name.
                await this.#classWriter.write(classes);
                await this.#history.noteSaving(number, name);
              }
              resolve();
              await ended;
            }).catch(reject);
          }),
        isWanted: isSame,
      };
      const written = await (isBare
        ? removeMask(path, options)
        : writeMask(path, labels, options));
      if (written) {
        const { mark } = written, content = contentOf(name, classes);
        this.#mark = mark;
        this.#savedNumber = number;
        await this.#history.noteSaved(number, mark && { ...mark, content });
      }
    } finally {
      end();
    }
    // Another program was faster: its mask is taken, not replaced.
    await this.look();
  }
}
