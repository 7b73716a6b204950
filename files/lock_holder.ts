/** The process that holds a lock. */
export interface LockHolder {
  /** The number of the process. */
  readonly process: number;
  /** The machine; null where its name may not be read. */
  readonly host: string | null;
  /** Since when, as ISO 8601. */
  readonly since: string;
}

/** Describes this process as the holder of a lock that it takes now. */
export function thisHolder(): LockHolder {
  return {
    process: Deno.pid,
    host: ownHost(),
    since: new Date().toISOString(),
  };
}

/** The name of this machine; null where it may not be read. */
export function ownHost(): string | null {
  const { state } = Deno.permissions.querySync({
    name: "sys",
    kind: "hostname",
  });
  return state === "granted" ? Deno.hostname() : null;
}

/**
 * Names a holder, for the place after "found" in a message.
 *
 * @param holder The holder; null where nobody knows.
 * @param doing What it does, as in "training there".
 * @returns As in `process 4711 on lab-pc training there since 2026-01-31
 * 12:00:05`.
 *
 * @example
 * ```ts
 * import { describeHolder } from "@unet/files";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   describeHolder(null, "training there"),
 *   "another process training there",
 * );
 * ```
 */
export function describeHolder(
  holder: LockHolder | null,
  doing: string,
): string {
  if (holder === null) return `another process ${doing}`;
  const { process, host, since } = holder;
  const where = host === null ? "" : ` on ${host}`;
  return `process ${process}${where} ${doing} since ${localTime(since)}`;
}

/**
 * Says how to end a holder, for the end of a message.
 *
 * @param holder The holder; null where nobody knows.
 * @param lock The lock's file, which outlives a machine on some network file
 * systems.
 * @returns As in `end it with: kill 4711`.
 *
 * @example
 * ```ts
 * import { howToEnd } from "@unet/files";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(howToEnd(null, "runs/first/.lock"), "end it");
 * ```
 */
export function howToEnd(holder: LockHolder | null, lock: string): string {
  if (holder === null) return "end it";
  const { process, host } = holder;
  const command = Deno.build.os === "windows"
    ? `taskkill /PID ${process}`
    : `kill ${process}`;
  const isElsewhere = host !== null && host !== ownHost();
  return isElsewhere
    ? `end it on ${host} with: ${command}; if that machine is gone, remove ${lock}`
    : `end it with: ${command}`;
}

/** As in "2026-01-31 12:00:05", by this machine's clock. */
function localTime(iso: string): string {
  return new Date(iso).toLocaleString("sv-SE");
}

/** Reads what {@linkcode thisHolder} gave, as JSON; null if it is none. */
export function parseHolder(text: string): LockHolder | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null) return null;
  const { process, host, since } = value as Record<string, unknown>;
  const isHolder = Number.isSafeInteger(process) &&
    (host === null || typeof host === "string" && host.length < 256) &&
    typeof since === "string" && !Number.isNaN(Date.parse(since));
  if (!isHolder) return null;
  return { process: process as number, host: host as string | null, since };
}
