import { rootMember } from "./workspace.ts";

/**
 * The commands that a task of the root's `deno.json` comes down to: its own,
 * and those of the tasks that it runs or depends on.
 *
 * @throws {Error} If there is no such task.
 */
export function commandsOf(name: string, above: string[] = []): string[] {
  const task = rootMember.config.tasks?.[name];
  if (task === undefined) {
    throw new Error(`Cannot find task "${name}": found none in deno.json`);
  }
  if (above.includes(name)) return [];
  const path = [...above, name];
  const { command = "", dependencies = [] } = typeof task === "string"
    ? { command: task }
    : task;
  const own = command.split(/&&|\|\||;/).map((each) => each.trim())
    .filter((each) => each !== "");
  return [
    ...dependencies.flatMap((each) => commandsOf(each, path)),
    ...own.flatMap((each) => {
      const called = /^deno task (?:-\S+ )*([\w:-]+)$/.exec(each)?.[1];
      return called ? commandsOf(called, path) : [each];
    }),
  ];
}
