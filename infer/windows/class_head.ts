/**
 * Which of a network's heads gives each pixel a class. Runs in a browser.
 *
 * @module
 */
import { cannot, ModelError } from "@unet/errors";
import type { PredictedHead } from "./predict.ts";

/** A head that gives each pixel one of several classes. */
export interface ClassHead {
  /** Its name, by which bands hold its values. */
  readonly name: string;
  /** The classes' names in the order of its channels, the background first. */
  readonly classes: readonly string[];
}

/** The kind of result of a network: objects, or a class per pixel. */
export type Finding = "objects" | "classes";

/** Classes that a class map of 8 bits can number. */
const mostClasses = 256;

/**
 * The head that gives each pixel a class: the first one with a softmax and
 * names for its channels.
 *
 * @param heads The network's heads.
 * @returns The head; undefined if there is none.
 * @throws {ModelError} If it has more classes than a class map of 8 bits can
 * number.
 *
 * @example
 * ```ts
 * import { classHeadOf } from "@unet/infer";
 * import { classTask } from "@unet/task";
 * import { assertEquals } from "@std/assert";
 *
 * const { heads } = classTask({ classes: ["background", "axon"] });
 * assertEquals(classHeadOf(heads)?.classes, ["background", "axon"]);
 * ```
 */
export function classHeadOf(
  heads: readonly PredictedHead[],
): ClassHead | undefined {
  const head = heads.find(({ activation, classes }) =>
    activation === "softmax" && classes !== undefined
  );
  if (!head) return undefined;
  const { name, classes = [] } = head;
  if (classes.length <= mostClasses) return { name, classes };
  throw new ModelError(
    cannot("number the classes of", "head", name, {
      found: `${classes.length} classes`,
      expected: `at most ${mostClasses}`,
    }),
  );
}

/**
 * Decides from its heads what a network finds: objects if there is a head
 * "object", otherwise a class per pixel.
 *
 * @param heads The network's heads.
 * @returns What is found.
 * @throws {ModelError} If the heads find neither.
 *
 * @example
 * ```ts
 * import { findingOf } from "@unet/infer";
 * import { classTask, objectTask } from "@unet/task";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(findingOf(objectTask().heads), "objects");
 * const { heads } = classTask({ classes: ["background", "axon"] });
 * assertEquals(findingOf(heads), "classes");
 * ```
 */
export function findingOf(heads: readonly PredictedHead[]): Finding {
  if (heads.some(({ name }) => name === "object")) return "objects";
  if (classHeadOf(heads)) return "classes";
  throw new ModelError(
    cannot(
      "segment with",
      "network of heads",
      heads.map(({ name }) => name).join(", "),
      {
        found: "none that finds objects or classes",
        expected:
          'a head "object", or a head with a softmax over named classes',
      },
    ),
  );
}
