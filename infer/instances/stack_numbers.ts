import type { Instance, InstanceBand, StackPlace } from "./instance.ts";
import { linkInstances } from "./link_instances.ts";

/** Gives the objects of one plane their numbers in the stack. */
export interface PlaneNumbers {
  /**
   * Numbers what a band of the plane completed.
   *
   * @param found The objects as they are numbered within the plane.
   * @returns The objects with their numbers and places in the stack; linked
   * ones all with the last band, since an earlier object may lose its link to a
   * later one.
   */
  add(found: InstanceBand): InstanceBand;
}

/**
 * Numbers the objects of a stack while its planes, or time points, come in:
 * every number is unique in the stack. With a threshold, an object that
 * {@linkcode linkInstances} finds to continue one of the plane before has its
 * number; else numbers run on through the stack.
 *
 * Memory holds the objects of two planes where they are linked, else none.
 *
 * @example
 * ```ts
 * import { StackNumbers } from "@unet/infer/instances";
 * import { assertEquals } from "@std/assert";
 *
 * const box = { x: 0, y: 0, width: 1, height: 1 };
 * const mask = new Uint8Array([1]);
 * const instances = [{ label: 1, ...box, mask, probability: 0.9 }];
 * const numbersOf = (threshold?: number) => {
 *   const numbers = new StackNumbers(threshold);
 *   return [0, 1].map((plane) => {
 *     const found = numbers.plane(1, { axis: "plane", plane })
 *       .add({ instances, rows: 1 });
 *     return found.instances.map(({ label }) => label);
 *   });
 * };
 * assertEquals(numbersOf(), [[1], [2]]);
 * assertEquals(numbersOf(0.25), [[1], [1]]);
 * ```
 */
export class StackNumbers {
  readonly #threshold: number | undefined;
  #before: readonly Instance[] = [];
  #objects = 0;

  /** @param threshold The smallest overlap that links; nothing is by default. */
  constructor(threshold?: number) {
    this.#threshold = threshold;
  }

  /** How many different numbers were given. */
  get objects(): number {
    return this.#objects;
  }

  /**
   * Begins the next plane.
   *
   * @param height Rows of the plane.
   * @param place Where it is in the stack.
   * @returns What numbers its objects.
   */
  plane(height: number, place: StackPlace): PlaneNumbers {
    const threshold = this.#threshold;
    if (threshold === undefined) return this.#running(place);
    const held: Instance[] = [];
    return {
      add: ({ instances, rows }) => {
        held.push(...instances);
        if (rows < height) return { instances: [], rows: 0 };
        const links = linkInstances(this.#before, held, threshold);
        const linked = held.map((instance, at) => {
          const link = links[at];
          const label = link === undefined
            ? ++this.#objects
            : this.#before[link]!.label;
          return { ...instance, label, place };
        });
        this.#before = linked;
        return { instances: linked, rows };
      },
    };
  }

  #running(place: StackPlace): PlaneNumbers {
    return {
      add: ({ instances, rows }) => ({
        instances: instances.map((instance) => ({
          ...instance,
          label: ++this.#objects,
          place,
        })),
        rows,
      }),
    };
  }
}
