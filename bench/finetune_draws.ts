import { basename } from "@std/path";
import type { DataSource, Roles } from "@unet/app";
import { brief, cannot, DatasetError } from "@unet/errors";
import { createRandom, shuffle } from "@unet/random";
import type { FinetuneSettings } from "./finetune_settings.ts";

/** Images of a data set to train on. */
export interface FinetuneDraw {
  /** The data set. */
  readonly source: DataSource;
  /** Their ids, sorted. */
  readonly ids: readonly string[];
  /** Which draw of as many images it is, from 1; also the training's seed. */
  readonly draw: number;
}

/** What is trained on, and what cannot be drawn. */
export interface FinetuneDraws {
  /** In the order in which they are trained on. */
  readonly draws: readonly FinetuneDraw[];
  /** What there are too few images for, a line each. */
  readonly leftOut: readonly string[];
}

/**
 * Draws images to train on, by a seed. The draws of one number hold the images
 * of the same number's smaller ones: draw 1 of 6 images adds 3 to draw 1 of 3.
 * First draws come first, so that an early end leaves whole draws.
 *
 * @param settings What is drawn from which data sets.
 * @param roles The roles of their images.
 * @throws {DatasetError} If the file does not name a data set, or none has as
 * many images of the role as any draw needs.
 */
export function drawImages(
  { sources, trainRole, images, draws, seed }: Pick<
    FinetuneSettings,
    "sources" | "trainRole" | "images" | "draws" | "seed"
  >,
  roles: Roles,
): FinetuneDraws {
  const wanted = sources.flatMap((source) => {
    const own = idsOf(roles, source, trainRole);
    return images.map((number) => ({ source, own, number }));
  });
  const enough = wanted.filter(({ own, number }) => number <= own.length);
  const leftOut = wanted.filter((one) => !enough.includes(one)).map(
    ({ source, own, number }) =>
      `Left out: ${number} images of ${source.name}, which has ` +
      `${own.length} of role ${trainRole}`,
  );
  const drawn = Array.from({ length: draws }, (_, at) => at + 1).flatMap(
    (draw) =>
      enough.map(({ source, own, number }) => {
        const ids = shuffle(own, createRandom(seed, draw)).slice(0, number);
        return { source, ids: ids.sort(), draw };
      }),
  );
  if (drawn.length > 0) return { draws: drawn, leftOut };
  throw new DatasetError(cannot("draw", "images", trainRole, {
    found: `fewer than ${Math.min(...images)} images of that role in ` +
      sources.map(({ name }) => name).join(", "),
    expected: "enough for one of --images",
    remedy: "--train-role names another role",
  }));
}

function idsOf(roles: Roles, { name }: DataSource, role: string): string[] {
  const own = roles.sources.get(name);
  if (!own) {
    throw new DatasetError(cannot("use", "roles", basename(roles.path), {
      found: `no roles of data set ${brief(name)}`,
      expected: [...roles.sources.keys()].join(", "),
      remedy: "--data NAME=PATH gives it the name that the file has for it",
    }));
  }
  return [...own].filter(([, each]) => each === role).map(([id]) => id).sort();
}
