/**
 * Checks several data sets, and what roles say of their images.
 *
 * @module
 */
import type { CheckReport, Fault } from "@unet/data";
import { cannot } from "@unet/errors";
import { check, type CheckChoices, type CheckEvents } from "./check.ts";
import {
  type DataSource,
  idAmong,
  resolveData,
  sourcesOf,
} from "./settings/data_sources.ts";
import { readRoles, type Roles } from "./sources/read_roles.ts";
import { chooseByRole } from "./sources/split_by_roles.ts";

/** Settings of a check of several data sets. */
export interface CheckSourcesChoices extends Omit<CheckChoices, "data"> {
  /** The data sets, each with a name of its own. */
  readonly data: readonly DataSource[];
  /** A JSON file that gives each image a role, as `train` takes it. */
  readonly roles?: string;
}

/**
 * The content of one of several data sets, and its number of images per role.
 */
export interface SourceReport extends CheckReport {
  /** Images by role, if there is a file of roles. */
  readonly roles?: Readonly<Record<string, number>>;
  /** The images that the file of roles does not name, if there is one. */
  readonly unnamed?: readonly string[];
}

/** The content of several data sets and every problem found; plain JSON. */
export interface SourcesReport {
  /** Each data set by its name. */
  readonly sources: Readonly<Record<string, SourceReport>>;
  /** Identical images in several data sets, or of several roles. */
  readonly faults: readonly Fault[];
  /** How many faults are errors, those of each data set too. */
  readonly errors: number;
  /** How many faults are warnings, those of each data set too. */
  readonly warnings: number;
}

/** An image, and what others are to be found by. */
interface Named {
  readonly id: string;
  readonly source: string;
  readonly role: string | undefined;
}

/** So many ids of identical images are named. */
const mostNamed = 3;

/**
 * Checks data sets one after another as `check()` does, and finds identical
 * images among them; with a file of roles, those of several roles too.
 *
 * @param choices The data sets, the file of roles, and how images and masks are
 * read.
 * @param events What is reported, and what ends it; progress is that of one
 * data set at a time.
 * @throws {DatasetError} If a data set has no images with masks, or the file of
 * roles does not fit it.
 * @throws {UsageError} If two data sets have one name, or choices about masks
 * contradict one another.
 * @throws {FileError} If something cannot be read.
 *
 * @example
 * ```ts
 * import { checkSources } from "@unet/app";
 * import { synthesize, writeKaggle } from "@unet/data";
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * const data = ["a", "b"].map((name) => ({ name, path: `${folder}/${name}` }));
 * for (const { path } of data) {
 *   const drawn = synthesize({ count: 2, width: 64, height: 64, seed: 0 });
 *   await writeKaggle(drawn, path);
 * }
 * const { errors, faults } = await checkSources({ data });
 * assertEquals([errors, faults.length], [0, 2]);
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export async function checkSources(
  { data, roles: file, ...choices }: CheckSourcesChoices,
  events: CheckEvents = {},
): Promise<SourcesReport> {
  const sources = sourcesOf(resolveData(data));
  const roles = file === undefined ? undefined : await readRoles(file);
  const reports = new Map<string, SourceReport>();
  const byContent = new Map<string, Named[]>();
  for (const source of sources) {
    const { name, path } = source;
    const report = await check({ data: path, ...choices }, events);
    reports.set(name, { ...report, ...rolesIn(report, source, roles) });
    for (const { id, content, usable } of report.cases) {
      if (content === undefined || !usable) continue;
      const same = byContent.get(content) ?? [];
      byContent.set(content, same);
      const role = roles?.sources.get(name)?.get(id.normalize("NFC"));
      same.push({ id: idAmong(sources, name, id), source: name, role });
    }
  }
  const faults = [...byContent.values()].flatMap(faultOf);
  const all = [...reports.values()];
  return {
    sources: Object.fromEntries(reports),
    faults,
    errors: all.reduce((sum, { errors }) => sum + errors, 0),
    warnings: all.reduce((sum, own) => sum + own.warnings, faults.length),
  };
}

/** How many images of a data set have each role. */
function rolesIn(
  { cases }: CheckReport,
  source: DataSource,
  roles: Roles | undefined,
): Pick<SourceReport, "roles" | "unnamed"> {
  if (!roles) return {};
  const { others, unnamed } = chooseByRole(
    roles,
    source,
    cases.map(({ id }) => id),
    null,
  );
  return { roles: Object.fromEntries(others), unnamed };
}

/** A warning about identical images of several data sets or roles. */
function faultOf(images: readonly Named[]): Fault[] {
  const [first, ...others] = images;
  const hasRoles = images.some(({ role }) => role !== first!.role);
  const isApart = images.some(({ source }) => source !== first!.source);
  if (!hasRoles && !isApart) return [];
  const words = ({ id, role }: Named): string =>
    `"${id}"${hasRoles ? ` (${role ?? "no role"})` : ""}`;
  const named = others.slice(0, mostNamed).map(words).join(", ");
  const more = others.length - mostNamed;
  const same = `the same pixels in ${named}` +
    (more > 0 ? ` and ${more} more` : "");
  const { id, role } = first!;
  return [{
    kind: "identical-images",
    severity: "warning",
    case: id,
    message: hasRoles
      ? cannot("use", "role of image", id, {
        found: `${role ?? "none"}, and ${same}`,
        expected: "one role for identical images",
        remedy: "training leaves out copies of validation images",
      })
      : cannot("split", "image", id, {
        found: same,
        expected: "different images",
        remedy: "they stay in the same part of the split",
      }),
  }];
}
