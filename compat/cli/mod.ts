/**
 * Stand-in for the part of `@std/cli` that this workspace uses. Linked only
 * where the JSR registry cannot be reached.
 *
 * @module
 */
export * from "./parse_args.ts";
