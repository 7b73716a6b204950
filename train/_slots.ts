import * as tf from "@tensorflow/tfjs-core";
import { cannot, TrainingError } from "@unet/errors";

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
  get(
    slot: string,
    parameter: string,
    shape: readonly number[],
  ): tf.Tensor | undefined {
    const key = `${slot}/${parameter}`;
    const tensor = this.#tensors.get(key);
    if (tensor && `${tensor.shape}` !== `${shape}`) {
      throw this.#misfit(
        `${key} of shape [${tensor.shape.join(", ")}]`,
        `shape [${shape.join(", ")}], as the parameter's`,
      );
    }
    return tensor;
  }

  /** Remembers a tensor in place of the one before, beyond any tidy. */
  set(slot: string, parameter: string, tensor: tf.Tensor): void {
    const key = `${slot}/${parameter}`;
    const before = this.#tensors.get(key);
    this.#tensors.set(key, tf.keep(tensor));
    before?.dispose();
  }

  /** Everything remembered, by `<slot>/<parameter>`. */
  state(): ReadonlyMap<string, tf.Tensor> {
    return this.#tensors;
  }

  /** Remembers copies of these tensors and nothing else. */
  restore(state: ReadonlyMap<string, tf.Tensor>): void {
    for (const key of state.keys()) {
      if (this.#names.some((name) => key.startsWith(`${name}/`))) continue;
      const expected = this.#names.map((name) => `${name}/…`).join(", ");
      throw this.#misfit(key, expected || "no state");
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

  #misfit(found: string, expected: string): TrainingError {
    return new TrainingError(
      cannot("restore", "optimizer", this.#optimizer, {
        found,
        expected,
        remedy: "resume with the optimizer and the model of the saved run",
      }),
    );
  }
}
