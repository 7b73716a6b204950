/**
 * Optuna's journal files, read and written: many workers, of Python and of
 * Deno, share studies by appending lines to one file.
 *
 * @example
 * ```ts
 * import { Journal, parseJournal } from "@unet/tune/journal";
 * import { assertEquals } from "@std/assert";
 *
 * const path = `${await Deno.makeTempDir()}/studies.log`;
 * const journal = await Journal.open(path, { lock: "exclusive" });
 * const { id } = await journal.createStudy("rate", ["minimize"]);
 * await journal.createTrial(id, {
 *   state: "waiting",
 *   systemAttributes: { fixed_params: { rate: 0.1 } },
 * });
 * assertEquals((await journal.claimWaiting(id))?.number, 0);
 * assertEquals(await journal.claimWaiting(id), null);
 *
 * const [study] = parseJournal(await Deno.readTextFile(path));
 * assertEquals(study?.trials[0]?.state, "running");
 * ```
 *
 * @module
 */
export type * from "../distribution.ts";
export type * from "../study.ts";
export type { LockKind } from "./_file_lock.ts";
export * from "./journal.ts";
export * from "./journal_error.ts";
export type { JournalOptions } from "./journal_options.ts";
export * from "./parse_journal.ts";
export type { TrialOptions } from "./trial_options.ts";
