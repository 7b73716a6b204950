import { cannot, FileError } from "@unet/errors";
import { describeSystemFault } from "@unet/files";

/** What says where a person is. */
export interface Whereabouts {
  /** The folder that the process runs in. */
  readonly current: string;
  /** The folder of the program's `deno.json`. */
  readonly project: string;
  /** `INIT_CWD`, where it is set. */
  readonly initial: string | undefined;
}

/**
 * The folder that a person's relative paths start from. `deno task` changes
 * into the project's folder and puts the person's into `INIT_CWD`. npm and npx
 * set that variable too, and programs started from their scripts inherit it, so
 * that it counts only where the process runs in the project's folder.
 *
 * @returns The folder.
 */
export function personFolder(
  { current, project, initial }: Whereabouts,
): string {
  return initial && current === project ? initial : current;
}

/**
 * Makes the person's folder the current one, for a process that a task of the
 * project started: from then on, relative paths in flags, variables and files
 * are the person's.
 *
 * @param project The folder of the program's `deno.json`.
 * @throws {FileError} If there is no such folder any more.
 */
export function enterPersonFolder(project: string): void {
  const folder = personFolder({
    current: Deno.cwd(),
    project: Deno.realPathSync(project),
    initial: Deno.env.get("INIT_CWD"),
  });
  try {
    Deno.chdir(folder);
  } catch (cause) {
    throw new FileError(
      cannot("start in", "folder", folder, {
        found: describeSystemFault(cause),
        expected: "the folder that deno task was called in, by INIT_CWD",
      }),
      { cause },
    );
  }
}
