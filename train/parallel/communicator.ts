/**
 * What training on several processes needs of whatever connects them. Runs in a
 * browser.
 *
 * @module
 */

/** Numbers that processes add up or hand on, in place. */
export type SharedNumbers =
  | Float32Array<ArrayBuffer>
  | Float64Array<ArrayBuffer>;

/**
 * Connects the processes (ranks) that train one network together, as MPI does.
 *
 * Every rank calls the same functions in the same order, with arrays of the same
 * type and length; each call ends once all ranks have made it. All ranks get
 * the same bits. What is begun and not awaited yet may run beside other work.
 *
 * @example
 * ```ts
 * import { singleProcess } from "@unet/train";
 * import { assertEquals } from "@std/assert";
 *
 * const values = new Float32Array([1, 2]);
 * await singleProcess.sum(values);
 * assertEquals([...values], [1, 2]);
 * ```
 */
export interface Communicator {
  /** The number of this process, from 0. */
  readonly rank: number;
  /** How many processes there are. */
  readonly size: number;
  /** Whether all of them are on one machine, whose cores they share. */
  readonly isOneMachine: boolean;
  /**
   * Replaces values by their sums over all ranks, without blocking this thread.
   *
   * @param values Left alone by the caller until the promise resolves.
   */
  sum(values: SharedNumbers): Promise<void>;
  /** The same, and blocks this thread until it is done. */
  sumNow(values: SharedNumbers): void;
  /**
   * Lets sums that were begun move on; called now and then in the midst of work
   * that blocks this thread.
   */
  poll(): void;
  /** Replaces values by those of rank 0. */
  broadcast(values: SharedNumbers): Promise<void>;
  /**
   * Hands every rank the bytes of all ranks.
   *
   * @param bytes This rank's; lengths may differ.
   * @returns The bytes by rank.
   */
  gather(bytes: Uint8Array): Promise<readonly Uint8Array[]>;
  /** Waits until all ranks are here, however long that takes. */
  barrier(): Promise<void>;
}

/** The communicator of a program that trains alone. */
export const singleProcess: Communicator = {
  rank: 0,
  size: 1,
  isOneMachine: true,
  sum: () => Promise.resolve(),
  sumNow() {},
  poll() {},
  broadcast: () => Promise.resolve(),
  gather: (bytes) => Promise.resolve([bytes]),
  barrier: () => Promise.resolve(),
};
