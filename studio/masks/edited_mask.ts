import { count, UnetError } from "@unet/errors";
import type { Labels } from "@unet/data";
import { markOf, type MaskMark } from "../folder/image_states.ts";
import { RequestError } from "../server/request_error.ts";
import {
  applyChange,
  boxOfChange,
  type Change,
  reversed,
  revertChange,
} from "./change.ts";
import { EditLog, type NumberedLine } from "./edit_log.ts";
import { LabelAreas } from "./label_areas.ts";
import type {
  EditAnswer,
  MaskEdit,
  MaskEvents,
  MaskPlace,
  MaskState,
} from "./mask_state.ts";
import { nameOfLabels, readMask, writeMask } from "./mask_file.ts";
import { type Operation, type Outcome, perform } from "./operation.ts";

/** What is said of a mask without object numbers. */
const binaryNote =
  "The mask was black and white: each connected part is an object now.";

/**
 * A mask in memory that is edited. Each edit is in the log before it is
 * answered; the file follows at once, and holds it when it is written.
 */
export class EditedMask {
  readonly #place: MaskPlace;
  readonly #events: MaskEvents;
  #log: EditLog;
  #labels: Labels;
  /** How the file was when it was read or written; null where there was none. */
  #mark: MaskMark | null = null;
  /** The name of labels that the log does not know yet. */
  #taken: string | null = null;
  #id = nextId();
  #areas = new LabelAreas();
  #note: string | undefined;
  /** The last edit that the file holds. */
  #savedNumber = 0;
  #saving: Promise<void> | null = null;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(place: MaskPlace, log: EditLog, events: MaskEvents) {
    this.#place = place;
    this.#log = log;
    this.#events = events;
    this.#labels = { width: 0, height: 0, data: new Uint32Array(0) };
  }

  /**
   * Opens a mask to be edited: what its file holds, and edits of the log that
   * did not reach the file.
   *
   * @param place Where it is.
   * @param events Who hears of it.
   * @throws {FileError} If the file is no mask of objects, or the log is
   * damaged.
   * @throws {RequestError} If the mask has another size than the image.
   */
  static async open(
    place: MaskPlace,
    events: MaskEvents,
  ): Promise<EditedMask> {
    const log = await EditLog.open(place.log);
    const mask = new EditedMask(place, log, events);
    await mask.#load();
    return mask;
  }

  /** What the page knows of it. */
  get state(): MaskState {
    const { undoable, redoable } = this.#log;
    const isTaken = this.#taken !== null;
    return {
      mask: this.#id,
      edit: this.#number,
      objects: this.#areas.objects,
      canUndo: !isTaken && undoable !== undefined,
      canRedo: !isTaken && redoable !== undefined,
      ...(this.#note !== undefined && { note: this.#note }),
    };
  }

  /** The labels as they are now; not to be changed. */
  get labels(): Labels {
    return this.#labels;
  }

  /** The number of the last edit; labels that were taken count as one. */
  get #number(): number {
    return this.#log.number + (this.#taken === null ? 0 : 1);
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
      if (known.mask !== this.#id || known.edit !== this.#number) {
        throw new RequestError(
          409,
          `Cannot edit mask of ${
            JSON.stringify(this.#place.name)
          }: found it changed elsewhere meanwhile; it is shown as it is now`,
        );
      }
      const { change, note } = await this.#do(edit);
      const changed = boxOfChange(change, this.#labels.width);
      if (changed) {
        this.#areas.take(change);
        this.#save();
      }
      return { ...this.state, changed, ...(note !== undefined && { note }) };
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
    if (this.#savedNumber === this.#number) return;
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

  #do(edit: MaskEdit): Promise<Outcome> {
    return edit.tool === "undo" || edit.tool === "redo"
      ? this.#step(edit.tool)
      : this.#perform(edit);
  }

  /** Takes an edit back, or makes it again. */
  async #step(tool: "undo" | "redo"): Promise<Outcome> {
    const { undoable, redoable } = this.#log;
    const of = tool === "undo" ? undoable : redoable;
    if (this.#taken !== null || of === undefined) {
      return { change: [], note: `There is nothing to ${tool}.` };
    }
    const number = this.#log.number + 1;
    const change = await this.#changeOf(of);
    if (tool === "redo") {
      await this.#log.add({ number, redo: of });
      applyChange(this.#labels, change);
      return { change };
    }
    await this.#log.add({ number, undo: of });
    revertChange(this.#labels, change);
    return { change: reversed(change) };
  }

  async #perform(operation: Operation): Promise<Outcome> {
    const outcome = perform(this.#labels, operation, this.#areas.next);
    const { change } = outcome;
    if (change.length === 0) return outcome;
    try {
      if (this.#taken !== null) {
        const number = this.#log.number + 1;
        await this.#log.add({ number, taken: this.#taken });
        this.#taken = null;
      }
      const number = this.#log.number + 1;
      await this.#log.add({ number, operation, change });
    } catch (error) {
      // What is not in the log did not happen.
      revertChange(this.#labels, change);
      throw error;
    }
    return outcome;
  }

  async #changeOf(number: number): Promise<Change> {
    const line = await this.#log.read(number);
    if ("change" in line) return line.change;
    throw new UnetError(
      `Cannot read edits of ${
        JSON.stringify(this.#place.name)
      }: found no change in line ${number}`,
    );
  }

  async #look(): Promise<void> {
    const now = await markOf(this.#place.path) ?? null;
    if (JSON.stringify(now) === JSON.stringify(this.#mark)) return;
    await this.#load();
  }

  /** Reads the file, and the edits that did not reach it. */
  async #load(): Promise<void> {
    const { path, width, height } = this.#place;
    const mark = await markOf(path) ?? null;
    const read = mark === null ? null : await readMask(path);
    const labels = read ??
      { width, height, data: new Uint32Array(width * height) };
    if (labels.width !== width || labels.height !== height) {
      throw new RequestError(
        409,
        `Cannot edit mask of ${
          JSON.stringify(this.#place.name)
        }: found ${labels.width} × ${labels.height} pixels, expected the image's ${width} × ${height}`,
      );
    }
    const name = await nameOfLabels(labels);
    const known = this.#log.saved.find(({ labels }) => labels === name);
    const isOurs = known !== undefined && this.#taken === null;
    if (isOurs && this.#labels.data.length > 0) {
      // The file was touched, copied or written anew with the same labels.
      this.#mark = mark;
      return;
    }
    this.#labels = labels;
    this.#mark = mark;
    this.#id = nextId();
    this.#note = read?.isBinary ? binaryNote : undefined;
    this.#taken = isOurs ? null : name;
    if (isOurs) await this.#replay(known.number);
    this.#areas = LabelAreas.of(this.#labels);
    this.#savedNumber = known?.number ?? this.#number;
    if (isOurs) this.#save();
  }

  /** Makes edits again that came after one. */
  async #replay(after: number): Promise<void> {
    const edits = this.#log.number - after;
    for (let number = after + 1; number <= this.#log.number; number++) {
      await this.#repeat(await this.#log.read(number));
    }
    if (edits > 0) {
      this.#note = `The studio ended before the mask was written: ${
        count(edits, "edit")
      } came from its log.`;
    }
  }

  async #repeat(line: NumberedLine): Promise<void> {
    if ("change" in line) applyChange(this.#labels, line.change);
    else if ("undo" in line) {
      revertChange(this.#labels, await this.#changeOf(line.undo));
    } else if ("redo" in line) {
      applyChange(this.#labels, await this.#changeOf(line.redo));
    }
  }

  /** Writes the file until it holds all edits, one time after the other. */
  #save(): void {
    if (this.#savedNumber === this.#number) return;
    this.#saving ??= (async () => {
      try {
        while (this.#savedNumber !== this.#number) await this.#write();
        await this.#events.onSaved();
      } catch (error) {
        this.#events.onFault(error);
      } finally {
        this.#saving = null;
      }
    })();
  }

  async #write(): Promise<void> {
    const { path, pixelSize } = this.#place;
    const id = this.#id;
    const number = this.#number, { width, height } = this.#labels;
    // Edits continue while it is written.
    const labels = { width, height, data: this.#labels.data.slice() };
    const name = await nameOfLabels(labels);
    const before = this.#mark;
    let end = () => {};
    const ended = new Promise<void>((resolve) => end = resolve);
    try {
      const isWritten = await writeMask(path, labels, {
        pixelSize,
        // Nobody edits or looks between this and the end.
        beforeEnd: () =>
          new Promise<boolean>((resolve, reject) => {
            this.#inTurn(async () => {
              const isSame = await this.#isAs(before) && id === this.#id;
              if (isSame) await this.#log.add({ saving: number, labels: name });
              resolve(isSame);
              await ended;
            }).catch(reject);
          }),
      });
      if (isWritten) {
        this.#mark = await markOf(path) ?? null;
        this.#savedNumber = number;
        await this.#log.add({ saved: number });
      }
    } finally {
      end();
    }
    // Another program was faster: its mask is taken, not replaced.
    await this.look();
  }

  async #isAs(before: MaskMark | null): Promise<boolean> {
    const now = await markOf(this.#place.path) ?? null;
    return JSON.stringify(now) === JSON.stringify(before);
  }
}

/** Names labels that were read; no two reads have the same. */
function nextId(): string {
  return crypto.randomUUID().slice(0, 8);
}
