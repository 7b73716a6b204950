import { cpus } from "node:os";

/** A machine, as stored results describe it. */
export interface Machine {
  /** The processor. */
  readonly cpu: string;
  /** Its cores, as far as this machine has them. */
  readonly cores: number;
  /** The operating system. */
  readonly os: string;
  /** The processor's architecture. */
  readonly arch: string;
}

/** This machine. */
export function thisMachine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    os: Deno.build.os,
    arch: Deno.build.arch,
  };
}
