import type { Flag, Flags } from "./flags.ts";

/** A command: what it takes, how it is explained, what it does. */
export interface Command {
  /** Its name, as it is typed. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** How it is called, after the name, as in "DATA [flags]". */
  readonly usage: string;
  /** What a person who meets it first should know, in a few lines. */
  readonly description: string;
  /**
   * What its help says besides, if an argument beside `--help` decides.
   *
   * @param args The arguments.
   * @returns Nothing if none does.
   */
  describe?(args: readonly string[]): string | undefined;
  /** Its flags, in groups with a title. */
  readonly groups: readonly FlagGroup[];
  /** Command lines to copy, with what they do. */
  readonly examples: readonly (readonly [line: string, what: string])[];
  /** How many arguments it takes that are no flags: at least and at most. */
  readonly positional: readonly [minimum: number, maximum: number];
  /** Whether a configuration file may set its flags. */
  readonly configurable?: boolean;
  /**
   * Does it.
   *
   * @param flags The command line, checked.
   * @returns The exit code: 0, or 1 if something was left undone.
   */
  run(flags: Flags): Promise<number>;
}

/** Flags of one subject. */
export interface FlagGroup {
  /** The subject. */
  readonly title: string;
  /** The flags. */
  readonly flags: readonly Flag[];
}
