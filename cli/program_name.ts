/**
 * How this program is called, for command lines that a person may copy. The
 * installed command and npx say so by a variable; otherwise it is a task.
 *
 * @param read Reads a variable of the environment.
 */
export function programName(
  read: (name: string) => string | undefined = (name) => Deno.env.get(name),
): string {
  if (read("UNET_PROGRAM") === "unet") return "unet";
  const runner = read("npm_command") === "exec" ? "npx --yes deno" : "deno";
  return `${runner} task unet`;
}
