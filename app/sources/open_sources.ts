import { type Dataset, openDataset } from "@unet/data";
import { type DataSource, idAmong } from "../settings/data_sources.ts";
import type { Roles } from "./read_roles.ts";
import {
  chooseByRole,
  type ChosenByRole,
  describeLeftOut,
} from "./split_by_roles.ts";

/** A source that is open. */
export interface OpenSource extends DataSource {
  /** Its cases, not read yet. */
  readonly dataset: Dataset;
  /** The ids of those that are wanted, in the dataset's order. */
  readonly ids: readonly string[];
}

/** Which images of sources are wanted; all where nothing is said. */
export interface SourceChoice {
  /** A file of roles, and the roles that are wanted. */
  readonly roles?: { readonly of: Roles; readonly wanted: readonly string[] };
  /** The ids, as they are among several sources. */
  readonly ids?: ReadonlySet<string>;
  /** Given a line about what is left out by roles. */
  readonly onLeftOut?: ((line: string) => void) | undefined;
}

/** Sources that are open, until they are disposed. */
export interface OpenSources extends Disposable {
  /** The sources in order. */
  readonly sources: readonly OpenSource[];
}

/**
 * Opens sources, and chooses the images that are wanted of each.
 *
 * @param sources The sources.
 * @param choice Which images.
 * @throws {DatasetError} If a source has no images with masks, or roles do not
 * fit it.
 * @throws {FileError} If a source cannot be read.
 */
export async function openSources(
  sources: readonly DataSource[],
  { roles, ids, onLeftOut }: SourceChoice = {},
): Promise<OpenSources> {
  using stack = new DisposableStack();
  const opened: OpenSource[] = [], chosen: ChosenByRole[] = [];
  for (const source of sources) {
    const dataset = await openDataset(source.path);
    stack.defer(() => dataset.close());
    const all = dataset.cases.map(({ id }) => id);
    const byRole = roles && chooseByRole(roles.of, source, all, roles.wanted);
    if (byRole) chosen.push(byRole);
    opened.push({
      ...source,
      dataset,
      ids: (byRole?.ids ?? all).filter((id) =>
        ids?.has(idAmong(sources, source.name, id)) ?? true
      ),
    });
  }
  if (roles) {
    describeLeftOut(roles.of, chosen).forEach((one) => onLeftOut?.(one));
  }
  const moved = stack.move();
  return { sources: opened, [Symbol.dispose]: () => moved.dispose() };
}
