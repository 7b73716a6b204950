import { cannot, FileError } from "@unet/errors";
import { describeSystemFault } from "@unet/files";

/** Where a server listens. */
export interface ListenOptions {
  /** The address, as in "127.0.0.1". */
  readonly hostname: string;
  /** The port; 0 for a free one. */
  readonly port: number;
  /** What is served, for messages. */
  readonly what: string;
  /** What to do where the system refuses the address. */
  readonly remedy: string;
}

/**
 * Serves on an address.
 *
 * @param options The address.
 * @param handler Answers each request.
 * @returns The server.
 * @throws {FileError} If the port is taken, or the system refuses the address.
 *
 * @example
 * ```ts
 * import { listen } from "@unet/http";
 * import { assertEquals } from "@std/assert";
 *
 * const server = listen(
 *   { hostname: "127.0.0.1", port: 0, what: "page", remedy: "choose another" },
 *   () => new Response("hello"),
 * );
 * const answer = await fetch(`http://127.0.0.1:${server.addr.port}`);
 * assertEquals(await answer.text(), "hello");
 * await server.shutdown();
 * ```
 */
export function listen(
  { hostname, port, what, remedy }: ListenOptions,
  handler: (
    request: Request,
    info: Deno.ServeHandlerInfo<Deno.NetAddr>,
  ) => Response | Promise<Response>,
): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve({ hostname, port, onListen() {} }, handler);
  } catch (cause) {
    const isTaken = cause instanceof Deno.errors.AddrInUse;
    throw new FileError(
      cannot("serve", what, `${hostname}:${port}`, {
        found: isTaken ? "a port in use" : describeSystemFault(cause),
        remedy: isTaken ? "choose another port, or leave it out" : remedy,
      }),
      { cause },
    );
  }
}
