/**
 * The networks by name, their plans and the sizes that they take, as plain
 * data: nothing computes, and no tensor library is loaded. Runs in a browser.
 *
 * @example
 * ```ts
 * import { completePlan, networkNames } from "@unet/model/networks";
 * import { assertEquals } from "@std/assert";
 *
 * const { network } = completePlan();
 * assertEquals(network, networkNames[0]);
 * ```
 *
 * @module
 */
export * from "./network.ts";
export * from "./networks.ts";
export * from "../plan.ts";
export * from "../sizes.ts";
