import { cannot, DeviceError } from "@unet/errors";

/** Places on this machine with a network of their own, and a link to each. */
export interface LimitedLinks extends AsyncDisposable {
  /** Limits what each place sends. */
  limit(megabitsPerSecond: number): Promise<void>;
  /** How `mpiexec` starts a rank in each of the first places. */
  launcher(ranks: number): readonly string[];
}

const bridge = "unetbridge";

const place = (number: number): string => `unet-place-${number}`;

const address = (number: number): string => `10.77.31.${number}`;

/**
 * Makes network namespaces of Linux that a bridge connects, as if each were a
 * machine. Needs root, `ip` and `tc`, and MPICH's `mpiexec`.
 *
 * @param count How many, up to 200.
 * @returns They; disposing removes them.
 * @throws {DeviceError} If the system makes none.
 */
export async function openLimitedLinks(count: number): Promise<LimitedLinks> {
  const places = Array.from({ length: count }, (_, i) => i + 1);
  const script = await Deno.makeTempFile({ suffix: ".sh" });
  await Deno.writeTextFile(script, enter);
  await Deno.chmod(script, 0o755);
  const remove = async (): Promise<void> => {
    for (const each of places) await tryCommand(`ip netns del ${place(each)}`);
    await tryCommand(`ip link del ${bridge}`);
  };
  const close = async (): Promise<void> => {
    await remove();
    await Deno.remove(script);
  };
  try {
    // What a benchmark that was killed has left.
    await remove();
    await runCommand(`ip link add ${bridge} type bridge`);
    await runCommand(`ip addr add ${address(254)}/24 dev ${bridge}`);
    await runCommand(`ip link set ${bridge} up`);
    for (const each of places) {
      const own = place(each), link = `unetlink${each}`;
      await runCommand(`ip netns add ${own}`);
      await runCommand(
        `ip link add ${link} type veth peer name eth0 netns ${own}`,
      );
      await runCommand(`ip link set ${link} master ${bridge} up`);
      await runCommand(`ip -n ${own} addr add ${address(each)}/24 dev eth0`);
      await runCommand(`ip -n ${own} link set eth0 up`);
      await runCommand(`ip -n ${own} link set lo up`);
    }
  } catch (cause) {
    await close();
    throw cause;
  }
  return {
    async limit(rate) {
      // Two milliseconds' worth may leave at once: timers are no finer.
      const burst = Math.ceil(2e-3 * 1e6 * rate / 8);
      for (const each of places) {
        await runCommand(
          `ip netns exec ${place(each)} tc qdisc replace dev eth0 root ` +
            `tbf rate ${rate}mbit burst ${burst} latency 100ms`,
        );
      }
    },
    launcher: (ranks) => [
      ...["-iface", bridge, "-launcher", "ssh", "-launcher-exec", script],
      ...["-hosts", places.slice(0, ranks).map(address).join()],
      // Nothing but the link: the places share memory after all.
      ...["-genv", "UCX_TLS", "tcp,self"],
      ...["-genv", "MPIR_CVAR_NOLOCAL", "1"],
      ...["-ppn", "1", "-n", String(ranks)],
    ],
    [Symbol.asyncDispose]: close,
  };
}

/** Called as `ssh` is: options, a host, and words of a command. */
const enter = `#!/bin/sh
while [ "\${1#-}" != "$1" ]; do shift; done
host=$1
shift
exec ip netns exec "unet-place-\${host##*.}" sh -c "$*"
`;

async function runCommand(line: string): Promise<void> {
  const failed = await tryCommand(line);
  if (failed === null) return;
  throw new DeviceError(
    cannot("limit", "links by", line, {
      found: failed,
      remedy: "it needs Linux, root, and the packages of ip and tc",
    }),
  );
}

/** Runs a command; what it said where it failed, else null. */
async function tryCommand(line: string): Promise<string | null> {
  const [program = "", ...args] = line.split(" ");
  try {
    const { success, stderr } = await new Deno.Command(program, {
      ...{ args, stdin: "null", stdout: "null", stderr: "piped" },
    }).output();
    const [words = "no message"] = new TextDecoder().decode(stderr).trim()
      .split("\n");
    return success ? null : words;
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) return "no such program";
    throw cause;
  }
}
