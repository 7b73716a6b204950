import type { Labels } from "@unet/data";
import {
  applyChange,
  boxOfChange,
  type Change,
  reversed,
} from "../../masks/change.ts";
import { LabelAreas } from "../../masks/label_areas.ts";
import { MaskClasses } from "../../masks/mask_classes.ts";
import type {
  EditAnswer,
  MaskEdit,
  MaskState,
} from "../../masks/mask_state.ts";
import { type Operation, perform } from "../../masks/operation.ts";

type ClassChanges = ReturnType<MaskClasses["changesBy"]>;

/** What an edit did. */
interface Effect {
  /** The number of the edit, also where it is taken back. */
  readonly number: number;
  readonly change: Change;
  readonly classes: ClassChanges;
}

/** Numbers of an edit's changes that are kept to be taken back: 64 MB. */
const mostNumbers = 2 ** 23;

/** A mask in a page's memory that a person corrects. */
export class PageMask {
  /** The labels as they are now; not to be changed from outside. */
  readonly labels: Labels;
  readonly #id: string;
  readonly #areas: LabelAreas;
  readonly #classes = new MaskClasses({ classes: new Map(), names: [] });
  #done: Effect[] = [];
  #undone: Effect[] = [];
  #number = 0;
  /** The last edit that can no longer be taken back. */
  #forgotten = 0;

  /**
   * @param id Names these labels among all of the page.
   * @param labels The labels, which the mask takes.
   */
  constructor(id: string, labels: Labels) {
    this.#id = id;
    this.labels = labels;
    this.#areas = LabelAreas.of(labels);
  }

  /** Names the labels and the last edit. */
  get version(): string {
    return `${this.#id}-${this.#number}`;
  }

  /** Names the pixels: the number of the last edit that counts; 0 at first. */
  get content(): number {
    return this.#done.at(-1)?.number ?? this.#forgotten;
  }

  /** What the page knows of it. */
  get state(): MaskState {
    return {
      ...{ mask: this.#id, edit: this.#number },
      canUndo: this.#done.length > 0,
      canRedo: this.#undone.length > 0,
      objects: this.#areas.objects,
      classes: this.#classes.counted(this.#areas),
    };
  }

  /** The classes of all objects, and the names of all classes. */
  get foundClasses(): ReturnType<MaskClasses["found"]> {
    return this.#classes.found(this.#areas);
  }

  /** Does an edit. */
  edit(edit: MaskEdit): EditAnswer {
    const done = edit.tool === "undo" || edit.tool === "redo"
      ? this.#step(edit.tool)
      : this.#perform(edit);
    if (typeof done === "string") {
      return { ...this.state, changed: null, note: done };
    }
    this.#number++;
    const changed = boxOfChange(done.change, this.labels.width);
    return { ...this.state, changed };
  }

  #step(tool: "undo" | "redo"): Effect | string {
    const [from, to] = tool === "undo"
      ? [this.#done, this.#undone]
      : [this.#undone, this.#done];
    const effect = from.pop();
    if (!effect) return `There is nothing to ${tool}.`;
    const inverse = inverseOf(effect);
    to.push(inverse);
    applyChange(this.labels, inverse.change);
    this.#areas.take(inverse.change);
    this.#classes.take(inverse.classes);
    return inverse;
  }

  #perform(operation: Operation): Effect | string {
    const { labels } = this;
    const { change, note } = perform(labels, operation, this.#areas.next);
    this.#areas.take(change);
    const classes = this.#classes.changesBy(operation, {
      ...{ labels, areas: this.#areas, change },
    });
    if (change.length === 0 && classes.length === 0) {
      return note ?? "No object has another class there.";
    }
    this.#classes.take(classes);
    const effect = { number: this.#number + 1, change, classes };
    this.#done.push(effect);
    this.#undone = [];
    this.#forgetOldest();
    return effect;
  }

  /** Forgets the oldest edits where all take too much memory. */
  #forgetOldest(): void {
    let numbers = this.#done.reduce((sum, one) => sum + one.change.length, 0);
    while (numbers > mostNumbers && this.#done.length > 1) {
      const { number, change } = this.#done.shift()!;
      this.#forgotten = number;
      numbers -= change.length;
    }
  }
}

function inverseOf({ number, change, classes }: Effect): Effect {
  return {
    number,
    change: reversed(change),
    classes: classes.map(([object, before, after]) => [object, after, before]),
  };
}
