import { cannot } from "@unet/errors";

/** How Deno words the fault: from its lock file, or from a registry's list. */
const faults = [
  /^Failed caching npm package '([^'\n]+)'/,
  /^Failed loading \S+ for package "([^"\n]+)"/,
];

/** No connection at all, as opposed to an answer that is of no use. */
const offline =
  /dns error|network is unreachable|no route to host|network is down/i;

const connect = "start once with a connection; later starts need none";

/** Causes by their words in Deno's message, the first that fits. */
const causes: readonly {
  readonly pattern: RegExp;
  readonly found: string;
  readonly remedy: string;
}[] = [
  {
    pattern: /Bad response: (\d+)/,
    found: "the answer HTTP $1 of the package registry",
    remedy: "check proxy and registry (HTTPS_PROXY, NPM_CONFIG_REGISTRY)",
  },
  {
    pattern: /Could not find npm package tarball at: \S+/,
    found: "no such version in the package registry",
    remedy: "check the registry (NPM_CONFIG_REGISTRY)",
  },
  {
    pattern: /checksum did not match/,
    found: "a download with another checksum",
    remedy: "check whether a proxy or a sign-in page answers in place of " +
      "the package registry",
  },
  {
    pattern: /no space left|disk quota exceeded|os error 28\b/i,
    found: "a full disk",
    remedy: "free some space, or name another folder in DENO_DIR",
  },
  {
    pattern: /invalid peer certificate: ?(.*)/,
    found: "a certificate of the package registry that is not trusted ($1)",
    remedy: "if a proxy signs connections here, name its certificate in " +
      "DENO_CERT, or set DENO_TLS_CA_STORE=system",
  },
];

/**
 * Words the fault of a library that could not be downloaded at the first
 * start, with the cause that Deno names.
 *
 * @param message The message of the error that `import()` threw.
 * @returns One line, or undefined if the message is of another fault.
 */
export function describeLibraryFault(message: string): string | undefined {
  const [, name] = faults.map((fault) => fault.exec(message))
    .find((match) => match !== null) ?? [];
  if (name === undefined) return undefined;
  // A list of causes, from the outermost to the one that all rest on.
  const list = message.split("\n").slice(1)
    .filter((line) => !/^\s+at /.test(line)).join("\n");
  if (list === "" || offline.test(list)) {
    return cannot("load", "library", name, {
      found: "it neither on this machine nor on the network",
      remedy: connect,
    });
  }
  for (const { pattern, found, remedy } of causes) {
    const match = pattern.exec(list);
    if (match) {
      const [, detail = ""] = match;
      const reason = { found: found.replace("$1", () => detail), remedy };
      return cannot("load", "library", name, reason);
    }
  }
  const last = [...list.matchAll(/^\s+\d+: (.*)$/gm)].at(-1)?.[1] ??
    list.trim().split("\n")[0]!;
  return cannot("load", "library", name, { found: last, remedy: connect });
}
