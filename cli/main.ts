/**
 * The command line's entry: finds the command, prints faults, exits.
 *
 * @module
 */
import { cannot, DatasetError, UnetError, UsageError } from "@unet/errors";
import { parseJson, readTextFile } from "@unet/files";
import type { Command } from "./command.ts";
import { commandSummaries } from "./command_summaries.ts";
import { commandNames, loadCommand } from "./commands.ts";
import { type Flags, readFlags } from "./flags.ts";
import { InterruptedError } from "./interrupt.ts";
import { describeVersion } from "./describe_version.ts";
import { describeCommand, describeProgram } from "./help.ts";
import { programName } from "./program_name.ts";
import { shellWord } from "@unet/app/shown-path";
import { nearestName } from "./nearest_name.ts";
import { commandMeanings } from "./other_names.ts";
import { wordSettings } from "./word_settings.ts";
import {
  ClosedOutputError,
  printError,
  printLine,
  printText,
} from "./terminal.ts";

/** The exit code of a program whose reader is gone, as shells have it. */
const closedOutputCode = 141;

/**
 * Runs a command line.
 *
 * @param args The arguments, as in `Deno.args`.
 * @returns The exit code: 0 if all went well, 1 if some of it did, 2 if the
 * command could not do its work, 130 if Ctrl-C ended it, 143 if SIGTERM did,
 * 129 if its terminal was closed, 141 if nobody reads its output any more.
 * @throws {unknown} What is no fault of input, file or machine: a defect.
 */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await dispatch(args);
  } catch (error) {
    if (error instanceof InterruptedError) return error.code;
    if (error instanceof ClosedOutputError) return closedOutputCode;
    if (!(error instanceof UnetError)) throw error;
    if (error instanceof DatasetError) {
      for (const fault of error.faults) printError(wordSettings(`  ${fault}`));
    }
    printError(wordSettings(error.message));
    return 2;
  }
}

/** Words that ask for help. */
const helpNames: readonly string[] = ["--help", "-h"];

async function dispatch(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === "help" && rest.length > 0) return dispatch([...rest, "--help"]);
  if (name === "--version" || name === "-V" || name === "version") {
    printLine(await describeVersion(new URL("..", import.meta.url)));
    return 0;
  }
  if (name === undefined || name === "help" || helpNames.includes(name)) {
    printText(describeProgram(commandSummaries, programName()));
    return 0;
  }
  if (name.startsWith("-")) throw misplacedFlag(name);
  if (!(commandNames as readonly string[]).includes(name)) {
    throw unknownCommand(name);
  }
  const command = await loadCommand(name as typeof commandNames[number]);
  if (rest.includes("--version")) return await dispatch(["--version"]);
  if (rest.some((word) => helpNames.includes(word))) {
    printText(describeCommand(command, programName(), rest));
    return 0;
  }
  return await command.run(await flagsOf(command, rest));
}

function unknownCommand(name: string): UsageError {
  const nearest = nearestName(name, commandNames, commandMeanings);
  return new UsageError(
    cannot("run", "command", name, {
      found: "no such command",
      expected: nearest ?? commandNames.join(", "),
      ...(nearest !== undefined && {
        remedy: "unet --help lists all commands",
      }),
    }),
  );
}

function misplacedFlag(argument: string): UsageError {
  const [flag = ""] = argument.split("=");
  const nearest = nearestName(flag.replace(/^-+/, ""), ["help", "version"]);
  return new UsageError(
    cannot("use", "flag", flag, {
      found: "a flag before the command",
      expected: nearest === undefined
        ? "unet COMMAND and then its flags"
        : `--${nearest}`,
      remedy: "unet --help lists all commands",
    }),
  );
}

async function flagsOf(
  command: Command,
  args: readonly string[],
): Promise<Flags> {
  const table = command.groups.flatMap(({ flags }) => flags);
  let flags = readFlags(command.name, table, args);
  const config = command.configurable ? flags.text("config") : undefined;
  if (config !== undefined) {
    const settings = parseSettings(
      await readTextFile(config, "configuration"),
      config,
    );
    flags = readFlags(command.name, table, args, { path: config, settings });
  }
  const [minimum, maximum] = command.positional;
  const count = flags.positional.length;
  if (count < minimum || count > maximum) {
    throw new UsageError(
      cannot("run", "command", command.name, {
        found: count === 0
          ? "no arguments"
          : `arguments ${flags.positional.join(", ")}`,
        expected: maximum > 0
          ? command.usage
          : count === 1 && table.some(({ name }) => name === "data")
          ? `--data ${shellWord(flags.positional[0]!)}`
          : "flags alone",
        remedy: `see unet ${command.name} --help`,
      }),
    );
  }
  return flags;
}

function parseSettings(text: string, path: string): Record<string, unknown> {
  const bad = (found: string, cause?: unknown): UsageError =>
    new UsageError(
      cannot("use", "configuration", path, {
        found,
        expected: 'a JSON object of flags, as {"epochs": 30}',
      }),
      { cause },
    );
  let settings: unknown;
  try {
    settings = parseJson(text);
  } catch (cause) {
    throw bad((cause as SyntaxError).message, cause);
  }
  if (
    typeof settings !== "object" || settings === null ||
    Array.isArray(settings)
  ) throw bad("no object");
  return settings as Record<string, unknown>;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
