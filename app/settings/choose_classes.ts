import {
  findClasses,
  findObjectClasses,
  type MaskClass,
  type StoredValue,
} from "@unet/data";
import { cannot, UsageError } from "@unet/errors";
import { classLossNames, lossNames } from "@unet/train/loss-names";
import type { TrainSettings } from "./train_settings.ts";

/**
 * The classes of masks: the user's settings, else what the data says itself.
 *
 * @param data The folder or zip; null for drawn images.
 * @param named The user's settings; an empty list for none.
 * @returns The classes; null where the numbers of masks are objects.
 * @throws {DatasetError} If the data names no right classes.
 */
export async function chooseClasses(
  data: string | null,
  named: readonly MaskClass[] | null | undefined,
): Promise<readonly MaskClass[] | null> {
  if (named?.length === 0) return null;
  return named ?? (data === null ? null : await findClasses(data));
}

/**
 * The classes that objects have: the user's settings, else those that the
 * data's table of objects has.
 *
 * @param data The folder or zip; null for drawn images.
 * @param named The user's settings; an empty list for none.
 * @param classes The classes of masks, if these are maps of classes.
 * @returns The classes without the background; null where objects have none.
 * @throws {UsageError} If classes are named, and the data has no such table.
 * @throws {DatasetError} If the table cannot be used.
 */
export async function chooseObjectClasses(
  data: string | null,
  named: readonly string[] | null | undefined,
  classes: readonly MaskClass[] | null,
): Promise<readonly string[] | null> {
  if (named?.length === 0) return null;
  if (named && classes) {
    throw refused("objectClasses", "maps of classes", "masks of objects");
  }
  if (data === null || classes) return null;
  const found = await findObjectClasses(data, named ?? undefined);
  if (found) return found.names.slice(1);
  if (!named) return null;
  throw refused(
    "objectClasses",
    "no classes.csv in the data",
    "a table with the columns image, id and class",
  );
}

/** What decides how masks are read. */
type MaskSettings = Pick<TrainSettings, "classes" | "background" | "ignore">;

/**
 * Refuses choices about masks that contradict one another.
 *
 * @param given The user's settings.
 * @param settings The settings that it led to.
 * @throws {UsageError} If choices contradict one another.
 */
export function requireMasks(
  given: Partial<TrainSettings>,
  settings: MaskSettings & Partial<TrainSettings>,
): void {
  const { classes, objectClasses = null, loss, classWeights } = settings;
  requireApart(settings);
  if (classWeights) requireWeights(classWeights, classes, objectClasses);
  if (classes === null) {
    if (objectClasses && given.mask === "binary") {
      throw refused(
        "mask",
        "binary, in which objects have no numbers",
        "labels, or `objectClasses off`",
      );
    }
    requireLoss(loss, lossNames, "objects");
    return;
  }
  const stranger = ([
    ...["mask", "background", "boundaries", "boundaryWeight"] as const,
    "instanceHeads",
  ] as const).find((name) =>
    (given[name] ?? null) !== null && given[name] !== false &&
    `${given[name]}` !== ""
  );
  if (stranger !== undefined) {
    throw refused(
      stranger,
      "maps of classes",
      "masks of objects, or `classes off`",
    );
  }
  requireLoss(loss, classLossNames, "classes");
}

function requireWeights(
  weights: readonly number[],
  classes: readonly MaskClass[] | null,
  objectClasses: readonly string[] | null,
): void {
  const wanted = classes?.length ??
    (objectClasses ? objectClasses.length + 1 : 0);
  if (wanted === 0) {
    throw refused("classWeights", "no classes", "`classes` beside it");
  }
  if (weights.length === wanted) return;
  throw refused(
    "classWeights",
    String(weights.length),
    `${wanted}, one per class`,
  );
}

function requireLoss(
  loss: string | undefined,
  known: readonly string[],
  what: string,
): void {
  if (loss === undefined || known.includes(loss)) return;
  throw refused(
    "loss",
    `${loss}, which is no loss of ${what}`,
    known.join(", "),
  );
}

/** A value cannot mean both not labeled and something else. */
function requireApart({ classes, background, ignore }: MaskSettings): void {
  const others: readonly (readonly [StoredValue, string])[] = classes
    ? classes.map(({ name, value }) => [value, name] as const)
    : background.map((value) => [value, "the background"] as const);
  const both = others.find(([value]) => ignore.includes(value));
  if (both === undefined) return;
  const [value, name] = both;
  throw new UsageError(cannot("use", "setting", "ignore", {
    found: `${value}${value === 0 ? " (or \`sparse\`)" : ""}, which is ${name}`,
    expected: "a value that means nothing else",
    remedy: classes
      ? "give each class its value, such as `classes background=1,axon=2`"
      : "name the number of the background, as in `background 1`",
  }));
}

function refused(name: string, found: string, expected: string): UsageError {
  return new UsageError(cannot("use", "setting", name, { found, expected }));
}
