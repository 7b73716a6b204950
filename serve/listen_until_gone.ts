import { cannot, FileError } from "@unet/errors";
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { Readable } from "node:stream";

/** Where a server listens. */
export interface ListenPlace {
  /** The address. */
  readonly hostname: string;
  /** The port; 0 for a free one. */
  readonly port: number;
  /** What to do where the system refuses the address. */
  readonly remedy: string;
}

/** A server that listens; disposing of it ends it. */
export interface Listening extends AsyncDisposable {
  /** Its port. */
  readonly port: number;
}

/** Milliseconds that a client has for the header of a request. */
const headerPatience = 10_000;

/** Milliseconds that connections are given to end. */
const endPatience = 3000;

/** Connections that are open at once. */
const mostConnections = 1024;

/**
 * Serves on an address, by Node's server: Deno's own does not notice that a
 * client goes away once a body of several pieces was read, and waits for slow
 * headers without end.
 *
 * @param place The address.
 * @param handler Answers each request, whose signal is aborted when its client
 * goes away; it never throws.
 * @returns The server.
 * @throws {FileError} If the port is taken, or the system refuses the address.
 */
export async function listenUntilGone(
  { hostname, port, remedy }: ListenPlace,
  handler: (request: Request) => Promise<Response>,
): Promise<Listening> {
  const server = createServer(
    { connectionsCheckingInterval: 1000 },
    (message, reply) => void exchange(message, reply, handler),
  );
  server.headersTimeout = headerPatience;
  // The body has the time of its request.
  server.requestTimeout = 0;
  server.maxConnections = mostConnections;
  await opened(server, { hostname, port, remedy });
  return {
    port: (server.address() as { port: number }).port,
    [Symbol.asyncDispose]: () => closed(server),
  };
}

async function opened(
  server: Server,
  { hostname, port, remedy }: ListenPlace,
): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, hostname, () => resolve());
    });
  } catch (cause) {
    const isTaken = cause instanceof Error && "code" in cause &&
      cause.code === "EADDRINUSE";
    throw new FileError(
      cannot("serve", "models", `${hostname}:${port}`, {
        found: isTaken
          ? "a port in use"
          : cause instanceof Error
          ? cause.message
          : String(cause),
        remedy: isTaken ? "choose another port" : remedy,
      }),
      { cause },
    );
  }
}

/** Ends a server; connections that stay open are cut. */
async function closed(server: Server): Promise<void> {
  const timer = setTimeout(() => server.closeAllConnections(), endPatience);
  try {
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeIdleConnections();
    });
  } finally {
    clearTimeout(timer);
  }
}

async function exchange(
  message: IncomingMessage,
  reply: ServerResponse,
  handler: (request: Request) => Promise<Response>,
): Promise<void> {
  const gone = new AbortController();
  reply.on("close", () => {
    if (!reply.writableFinished) gone.abort();
  });
  // A connection that breaks has an error, which its end says as well.
  message.on("error", () => {});
  const request = requestOf(message, gone.signal);
  const response = request
    ? await handler(request)
    : Response.json({ error: "Cannot read request" }, { status: 400 });
  const bytes = await response.bytes();
  if (gone.signal.aborted) return;
  for (const [name, value] of response.headers) reply.setHeader(name, value);
  // What is left of a body that was refused is not read.
  if (!message.complete) reply.setHeader("Connection", "close");
  reply.setHeader("Content-Length", bytes.length);
  reply.statusCode = response.status;
  reply.end(message.method === "HEAD" ? undefined : bytes);
}

/** A request as the web has it; undefined for what it does not have. */
function requestOf(
  message: IncomingMessage,
  signal: AbortSignal,
): Request | undefined {
  const { method = "GET", url = "/", rawHeaders } = message;
  try {
    const headers = new Headers();
    for (let at = 0; at < rawHeaders.length; at += 2) {
      headers.append(rawHeaders[at]!, rawHeaders[at + 1]!);
    }
    const address = new URL(url, "http://127.0.0.1");
    const hasBody = method !== "GET" && method !== "HEAD";
    const body = hasBody ? Readable.toWeb(message) : null;
    return new Request(address, {
      ...{ method, headers, signal },
      body: body as ReadableStream<Uint8Array<ArrayBuffer>> | null,
    });
  } catch (cause) {
    if (cause instanceof TypeError) return undefined;
    throw cause;
  }
}
