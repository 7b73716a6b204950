import * as tf from "@tensorflow/tfjs-core";
import { cannot, TrainingError } from "@unet/errors";
import type { Update } from "./updates.ts";

/** The tensors that an optimizer remembers, by slot and parameter. */
export class Slots {
  readonly #optimizer: string;
  readonly #names: readonly string[];
  readonly #tensors = new Map<string, tf.Tensor>();

  /** Starts empty, for an optimizer with the slots of these names. */
  constructor(optimizer: string, names: readonly string[]) {
    this.#optimizer = optimizer;
    this.#names = names;
  }

  /** What is remembered, or undefined if nothing is yet. */
  get(slot: string, parameter: string): tf.Tensor | undefined {
    return this.#tensors.get(`${slot}/${parameter}`);
  }

  /** Remembers a tensor in place of the one before, beyond any tidy. */
  set(slot: string, parameter: string, tensor: tf.Tensor): void {
    const key = `${slot}/${parameter}`;
    const before = this.#tensors.get(key);
    this.#tensors.set(key, tf.keep(tensor));
    before?.dispose();
  }

  /** Throws unless each tensor is a number or has its parameter's shape. */
  checkShapes(updates: readonly Update[]): void {
    for (const { name, parameter } of updates) {
      for (const slot of this.#names) {
        const found = this.get(slot, name)?.shape ?? [];
        if (found.length === 0 || `${found}` === `${parameter.shape}`) continue;
        throw this.misfit(
          `${slot}/${name} of shape [${found.join(", ")}]`,
          `[${parameter.shape.join(", ")}], as the parameter's`,
        );
      }
    }
  }

  /** Everything remembered, by `<slot>/<parameter>`. */
  state(): ReadonlyMap<string, tf.Tensor> {
    return this.#tensors;
  }

  /** Remembers copies of these tensors and nothing else. */
  restore(state: ReadonlyMap<string, tf.Tensor>): void {
    for (const key of state.keys()) {
      const slash = key.indexOf("/");
      const slot = key.slice(0, slash), parameter = key.slice(slash + 1);
      if (!this.#names.includes(slot)) {
        throw this.misfit(key, `slots ${this.#names.join(", ")}`);
      }
      for (const name of this.#names) {
        if (state.has(`${name}/${parameter}`)) continue;
        throw this.misfit(`no ${name}/${parameter}`, `one beside ${key}`);
      }
    }
    const copies = [...state].map(([key, tensor]) =>
      [key, tf.keep(tf.clone(tensor))] as const
    );
    this.dispose();
    for (const [key, copy] of copies) this.#tensors.set(key, copy);
  }

  /** Forgets everything. */
  dispose(): void {
    tf.dispose([...this.#tensors.values()]);
    this.#tensors.clear();
  }

  /** The error of a state that is not this optimizer's. */
  misfit(found: string, expected: string): TrainingError {
    return new TrainingError(
      cannot("restore", "optimizer", this.#optimizer, {
        found,
        expected,
        remedy: "resume with the optimizer and the model of the saved run",
      }),
    );
  }
}
