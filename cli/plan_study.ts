import {
  type DataSource,
  defaultSpaceOf,
  type InputValues,
  parseSources,
  parseSpace,
  settingsOfValues,
  settledWeights,
  sharedValues,
  type StudyPlan,
  triedInputs,
} from "@unet/app";
import { join, resolve } from "@std/path";
import { cannot, UsageError } from "@unet/errors";
import { readTextFile } from "@unet/files";
import type { Space } from "@unet/tune";
import { adviceOn, type Flag, type Flags } from "./flags.ts";
import { givenValues } from "./given_values.ts";
import { fixedGroups, loaderFlag } from "./tune_flags.ts";

/** A study, and how its trials are trained on this machine. */
export interface LocalPlan extends StudyPlan {
  /** The flags of train that all trials share, those of the machine too. */
  readonly values: InputValues;
}

/**
 * Reads the study that a command line of tune describes.
 *
 * @param flags The command line.
 * @throws {UsageError} If the space is none, or has what a flag decides.
 */
export async function planStudy(
  flags: Flags,
): Promise<LocalPlan> {
  const out = resolve(flags.text("out")!);
  const path = resolve(flags.text("study") ?? join(out, "study.journal"));
  const values = givenValues(
    flags,
    fixedFlags().filter(({ name }) => name !== "offline"),
  );
  if (values.data !== undefined) {
    const paths = flags.texts("data").map(withWholePath);
    values.data = paths.length === 1 ? paths[0]! : paths;
  }
  if (values.roles !== undefined) values.roles = resolve(String(values.roles));
  for (const name of ["weights", "weights-partial"]) {
    const value = values[name];
    if (value !== undefined) values[name] = await settledWeights(String(value));
  }
  if (values[loaderFlag] !== undefined) {
    values.workers = values[loaderFlag];
    delete values[loaderFlag];
  }
  // The bounds of the report's space are those of its optimizer.
  if (!flags.given("space")) values.recipe ??= "report";
  const space = await spaceOf(flags, values);
  return {
    path,
    name: flags.text("name") ?? "unet",
    out,
    values,
    fixed: sharedValues(values),
    space,
  };
}

/** Data as it was typed, its path whole. */
function withWholePath(text: string): string {
  const data = parseSources([text]);
  if (typeof data === "string") return resolve(data);
  const [{ name, path }] = data as readonly [DataSource];
  return `${name}=${resolve(path)}`;
}

function fixedFlags(): Flag[] {
  return fixedGroups.flatMap(({ flags }) => [...flags]);
}

async function spaceOf(flags: Flags, fixed: InputValues): Promise<Space> {
  const path = flags.text("space");
  if (path === undefined) {
    const settings = await settingsOfValues(fixed, "flags");
    const space = Object.fromEntries(
      Object.entries(defaultSpaceOf(settings)).filter(([name]) =>
        !Object.hasOwn(fixed, name)
      ),
    );
    if (Object.keys(space).length > 0) return space;
    throw new UsageError(
      cannot("run", "command", "tune", {
        found: "a flag for each parameter of the space",
        expected: "at least one to try",
      }),
    );
  }
  const space = parseSpace(await readTextFile(path, "space"), {
    path,
    inputs: triedInputs,
    advise: (name) => adviceOn(name, [...triedInputs.values()], { dashes: "" }),
  });
  const both = Object.keys(space).find((name) => Object.hasOwn(fixed, name));
  if (both !== undefined) {
    throw new UsageError(
      cannot("use", "flag", `--${both}`, {
        found: `${both} in ${path}`,
        expected: "one of both",
      }),
    );
  }
  await checkTexts(space, fixed, path);
  return space;
}

/** What a text stands for is known to train alone, as in `--augment`. */
async function checkTexts(
  space: Space,
  fixed: InputValues,
  path: string,
): Promise<void> {
  for (const [name, distribution] of Object.entries(space)) {
    if (triedInputs.get(name)!.kind !== "text") continue;
    if (distribution.kind !== "categorical") continue;
    for (const [at, choice] of distribution.choices.entries()) {
      try {
        const values = { ...fixed, [name]: choice };
        await settingsOfValues(values, path);
      } catch (cause) {
        if (!(cause instanceof UsageError)) throw cause;
        throw new UsageError(
          cannot("use", "space", `${path}: ${name}.choices[${at}]`, {
            found: cause.message,
          }),
          { cause },
        );
      }
    }
  }
}
