import { join } from "@std/path";
import { readRunSummary } from "@unet/app";
import { brief, cannot, UnetError } from "@unet/errors";
import { infoOf } from "@unet/files";
import { RequestError } from "@unet/http";
import { placeIn } from "./place_in.ts";
import type { StudioFolder } from "./studio_folder.ts";

/** A training of the folder, as the page lists it. */
export interface ListedRun {
  /** Its name. */
  readonly name: string;
  /** The model to choose: the path of its run folder; null before it has one. */
  readonly model: string | null;
  /** The model that it started from, or null. */
  readonly from: string | null;
  /** Epochs finished. */
  readonly epoch: number;
  /** Epochs to be made. */
  readonly epochs: number;
  /** Whether it can continue. */
  readonly canResume: boolean;
  /** The F1 of its best epoch, or null. */
  readonly f1: number | null;
  /** Whether that is on images that it did not train on. */
  readonly isHeldOut: boolean;
  /** What is wrong with its files; null where nothing is. */
  readonly fault: string | null;
}

/** A name that is one folder on every system. */
const isRunName = /^[\p{L}\p{N}][\p{L}\p{N} _.-]{0,62}[\p{L}\p{N}]$/u;

/** The trainings of a studio's folder, each a run folder. */
export class Runs {
  readonly #home: string;

  /** @param folder The studio's folder. */
  constructor({ home }: Pick<StudioFolder, "home">) {
    this.#home = home;
  }

  /**
   * The folder of a run that is to be made.
   *
   * @throws {RequestError} If the name cannot be one (400), or is taken (409).
   */
  async newPathOf(name: string): Promise<string> {
    requireName(name);
    const path = join(this.#home, "runs", name);
    if (await infoOf(join(path, "config.json")) === null) return path;
    throw new RequestError(
      409,
      cannot("train", "model", name, {
        found: "a training of that name",
        expected: "another name",
      }),
    );
  }

  /**
   * The folder of a run that is there.
   *
   * @throws {RequestError} If there is none (404), or its name or place is none
   * of a run's.
   */
  async pathOf(name: string): Promise<string> {
    requireName(name);
    return await placeIn(this.#home, join("runs", name));
  }

  /**
   * The runs, the latest first.
   *
   * @throws {FileError} If a folder cannot be read.
   */
  async list(): Promise<ListedRun[]> {
    const found: { readonly run: ListedRun; readonly begun: number }[] = [];
    for (const name of await this.#names()) {
      const path = join(this.#home, "runs", name);
      const config = await infoOf(join(path, "config.json"));
      // A start that failed leaves none.
      if (!config) continue;
      const run = await listedRun(name, path);
      found.push({ run, begun: config.birthtime?.getTime() ?? 0 });
    }
    return found
      .sort((a, b) => b.begun - a.begun || (a.run.name < b.run.name ? -1 : 1))
      .map(({ run }) => run);
  }

  async #names(): Promise<string[]> {
    const names: string[] = [];
    try {
      for await (const { name } of Deno.readDir(join(this.#home, "runs"))) {
        if (isRunName.test(name)) names.push(name);
      }
    } catch (cause) {
      if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    }
    return names;
  }
}

/**
 * A name for what is trained next: that of the model it starts from, counted.
 *
 * @param from The model; null for a new network.
 * @param taken Names that are there.
 */
export function nextRunName(
  from: string | null,
  taken: readonly string[],
): string {
  const last = (from ?? "model").split(/[/\\]/).findLast((part) => part) ?? "";
  const stem = last.replace(/-\d+$/, "").replace(/[^\p{L}\p{N}_-]+/gu, "-")
    .replace(/^[^\p{L}\p{N}]+/u, "").slice(0, 40) || "model";
  const known = new Set(taken.map((name) => name.toLowerCase()));
  for (let number = 1;; number++) {
    const name = `${stem}-${number}`;
    if (!known.has(name.toLowerCase())) return name;
  }
}

function requireName(name: string): void {
  if (isRunName.test(name)) return;
  throw new RequestError(
    400,
    `Cannot train: found the name ${
      brief(name)
    }, expected 2…64 letters, digits, spaces, dots, dashes or underscores`,
  );
}

async function listedRun(name: string, path: string): Promise<ListedRun> {
  try {
    const summary = await readRunSummary(path);
    const { epochs, state, end, weights, hasModel, holdsNoneOut } = summary;
    return {
      ...{ name, epochs, epoch: state.epoch, fault: null },
      from: weights,
      model: hasModel ? path : null,
      canResume: end === null,
      f1: state.best?.f1 ?? null,
      isHeldOut: !holdsNoneOut,
    };
  } catch (error) {
    if (!(error instanceof UnetError)) throw error;
    return {
      ...{ name, model: null, from: null, epoch: 0, epochs: 0, f1: null },
      ...{ canResume: false, isHeldOut: false, fault: error.message },
    };
  }
}
