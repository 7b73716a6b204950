import process from "node:process";

/** Milliseconds that are watched: several turns of a system's scheduler. */
const watched = 20;
/** The share of them that a program gets where it has a core to itself. */
const enough = 0.9;

/**
 * Whether other programs take processor time from this one now, so that what is
 * measured says little of the machine: computes for a moment, and compares the
 * time that it got with the time that passed.
 */
export function isStarved(): boolean {
  const begin = performance.now(), before = process.cpuUsage();
  let passed = 0;
  while (passed < watched) passed = performance.now() - begin;
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 < enough * passed;
}
