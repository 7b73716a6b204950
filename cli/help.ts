import type { Command } from "./command.ts";
import { commonFlags, describeUse, type Flag } from "./flags.ts";
import { wrap } from "./wrap.ts";

/** How wide the help's lines may be. */
const lineWidth = 80;

/**
 * The help of the program: what it is and which commands there are.
 *
 * @param commands What each command does, by its name.
 * @param program How the program is called.
 */
export function describeProgram(
  commands: Readonly<Record<string, string>>,
  program: string,
): string {
  const width = Math.max(...Object.keys(commands).map(({ length }) => length));
  return [
    "unet: trains a U-Net on your microscopy images and segments new ones",
    "",
    `Usage: ${program} COMMAND [arguments]`,
    "",
    "Commands:",
    ...Object.entries(commands).map(([name, summary]) =>
      `  ${name.padEnd(width)}  ${summary}`
    ),
    "",
    "A first try, with images that the program draws itself:",
    `  ${program} train`,
    "",
    `Help on a command: ${program} help COMMAND`,
    `The version: ${program} --version`,
    "",
  ].join("\n");
}

/**
 * The help of one command, from its table of flags.
 *
 * @param command The command.
 * @param program How the program is called.
 * @param args The arguments beside the one that asks for help.
 */
export function describeCommand(
  command: Command,
  program: string,
  args: readonly string[] = [],
): string {
  const besides = command.describe?.(args);
  const groups = [
    ...command.groups,
    { title: "Other", flags: commonFlags },
  ];
  const heads = groups.flatMap(({ flags }) => flags.map(describeUse));
  const width = Math.min(30, Math.max(...heads.map((head) => head.length)));
  return [
    `unet ${command.name}: ${command.summary}`,
    "",
    `Usage: ${program} ${command.name} ${command.usage}`.trimEnd(),
    "",
    ...wrap(command.description, lineWidth),
    ...(besides === undefined ? [] : ["", ...wrap(besides, lineWidth)]),
    ...groups.flatMap(({ title, flags }) => [
      "",
      `${title}:`,
      ...flags.flatMap((flag) => describeFlag(flag, width)),
    ]),
    "",
    "Examples:",
    ...command.examples.flatMap(([line, what]) => [
      `  ${program} ${command.name} ${line}`.trimEnd(),
      `      ${what}`,
    ]),
    "",
  ].join("\n");
}

function describeFlag(flag: Flag, width: number): string[] {
  const head = describeUse(flag);
  const text = flag.default === undefined
    ? flag.help
    : `${flag.help} (default ${flag.default})`;
  const lines = wrap(text, lineWidth - width - 4);
  const indent = " ".repeat(width + 4);
  return head.length <= width
    ? [
      `  ${head.padEnd(width)}  ${lines[0]}`,
      ...lines.slice(1).map((line) => indent + line),
    ]
    : [`  ${head}`, ...lines.map((line) => indent + line)];
}
