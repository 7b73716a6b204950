import type { StackPlace } from "../instances/instance.ts";
import { isMadeOf } from "../formats/part_writers.ts";
import type { Band } from "../windows/band.ts";
import { MeasuredChannels } from "./measured_channels.ts";
import type { Source, SourceOptions, SourceStack } from "./open_source.ts";
import type { Counts } from "./output_files.ts";
import { StackFiles, type StackPlan } from "./stack_files.ts";

/** How a stack becomes files. */
export interface StackWork {
  /** The file, for those who open it again. */
  readonly path: string;
  /** What is written of it. */
  readonly plan: Omit<StackPlan, "channelNames">;
  /** How its planes are opened. */
  readonly options: SourceOptions;
  /** Segments a plane. */
  bandsOf(plane: Source, index: number): AsyncIterable<Band>;
  /** Takes the names of the files beside it that planes so far lie in. */
  onOtherFiles(names: readonly string[]): Promise<void>;
  /** Called before the files get their names; what it throws removes them. */
  check(): Promise<void>;
}

/**
 * Segments the planes of a stack, one after another, into files that hold all
 * of them.
 *
 * @param source The stack, of which the first plane is open.
 * @param work How it becomes files.
 * @returns What was counted.
 * @throws {FileError} If a plane cannot be read, or a file not be written.
 */
export async function writeStack(
  source: Source & { readonly stack: SourceStack },
  work: StackWork,
): Promise<Counts> {
  const { stack } = source, { path, plan, options } = work;
  await using opened = new AsyncDisposableStack();
  let files: StackFiles | undefined;
  for (let index = 0; index < stack.count; index++) {
    await using closed = new AsyncDisposableStack();
    const plane = index === 0 ? source : closed.use(await stack.open(index));
    const part = { ...options, [stack.axis]: index };
    const channels = isMadeOf("measured", plan.paths, plan.network.table)
      ? closed.use(await MeasuredChannels.open(path, plane, part))
      : undefined;
    await work.onOtherFiles((channels ?? plane.image).otherFiles);
    files ??= opened.use(
      await StackFiles.open(source, {
        ...plan,
        channelNames: channels?.names ?? [],
      }),
    );
    await files.add(plane, work.bandsOf(plane, index), {
      place: placeOf(part, stack),
      ...(channels && { channels }),
    });
  }
  await work.check();
  return await files!.finish();
}

/** Where a plane is in its file, as far as that is one place. */
function placeOf(
  { plane, time }: SourceOptions,
  { axis, isAlone }: SourceStack,
): StackPlace {
  return {
    ...{ axis, isAlone },
    ...(typeof plane === "number" && { plane }),
    ...(time !== undefined && { time }),
  };
}
