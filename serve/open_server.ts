import type { SegmenterChoices } from "@unet/app/segmenter";
import type { DeviceFacts } from "@unet/device";
import { cannot, UsageError } from "@unet/errors";
import { randomSecret, Turns } from "@unet/http";
import { Admission } from "./admission.ts";
import { answer } from "./answer.ts";
import { ComputeThread } from "./compute_thread.ts";
import { listenUntilGone } from "./listen_until_gone.ts";
import { Metrics } from "./metrics.ts";
import { openScratchFolder } from "./scratch_folder.ts";
import type { RequestLimits, ServedModel } from "./server_room.ts";

/** A model to serve. */
export interface ModelChoice {
  /** Its name in addresses: letters, digits, `.`, `_` and `-`. */
  readonly name: string;
  /** A run folder (its best model), a model file, or a published model. */
  readonly path: string;
}

/** A model that is open. */
export interface OpenedModel {
  /** Its name in addresses. */
  readonly name: string;
  /** What computes. */
  readonly device: DeviceFacts;
}

/** How models are served. */
export interface ServerOptions {
  /** The models, each under a name of its own. */
  readonly models: readonly ModelChoice[];
  /** The address; 127.0.0.1 by default, which this machine alone reaches. */
  readonly host?: string;
  /** The port; a free one by default. */
  readonly port?: number;
  /**
   * What clients must know, at least 16 characters without spaces. On another
   * address than this machine's own, one is made if none is given.
   */
  readonly token?: string;
  /** Requests that may wait; 64 by default. */
  readonly queue?: number;
  /** Seconds from a request's header to its answer; 300 by default. */
  readonly seconds?: number;
  /** Bytes of a request's body; 64 MiB by default. */
  readonly mostBytes?: number;
  /** Pixels of a request's images; 2²⁶ by default. */
  readonly mostPixels?: number;
  /** What computes, and how images are cut. */
  readonly network?: Omit<SegmenterChoices, "model">;
  /** Called with each model that is open. */
  readonly onModel?: (model: OpenedModel) => void;
  /** Called with an error that is a defect of the program. */
  readonly onDefect?: (error: unknown) => void;
}

/** A server that is open; disposing of it ends it at once. */
export interface Server extends AsyncDisposable {
  /** Its address, as in "http://127.0.0.1:8000". */
  readonly url: string;
  /** What clients must know; null where nothing is asked. */
  readonly token: string | null;
  /** Settles if the thread of a model ends: nothing can be computed then. */
  readonly failed: Promise<Error>;
  /**
   * Stops: readiness is off, new requests are refused, and those that were let
   * in are answered.
   *
   * @returns When the last one is answered.
   */
  stop(): Promise<void>;
}

/** The largest bodies that are in memory at once, in those of one request. */
const bodiesAtOnce = 8;

/**
 * Serves models over HTTP: the Open Inference Protocol V2 and `POST /segment`.
 *
 * @param options The models, the address, the limits.
 * @returns The server, until it is disposed of.
 * @throws {UsageError} If a name or the token cannot be one.
 * @throws {FileError} If the port is taken, or the system refuses the address.
 * @throws {UnetError} If a model cannot be opened.
 *
 * @example
 * ```ts
 * import { openServer } from "@unet/serve";
 * import { assertEquals } from "@std/assert";
 *
 * await using server = await openServer({
 *   models: [{ name: "nuclei", path: "nuclei" }],
 *   network: { device: "wasm" },
 * });
 * const answer = await fetch(`${server.url}/v2/models/nuclei`);
 * assertEquals((await answer.json()).versions, ["1"]);
 * await server.stop();
 * ```
 */
export async function openServer(options: ServerOptions): Promise<Server> {
  checkNames(options.models);
  const { host = "127.0.0.1", port = 0, queue = 64 } = options;
  const token = tokenOf(host, options.token);
  const { onDefect = () => {} } = options;
  const limits = limitsOf(options);
  const failed = Promise.withResolvers<Error>();
  let hasFailed = false;
  await using stack = new AsyncDisposableStack();
  const onFailure = (error: Error) => {
    hasFailed = true;
    failed.resolve(error);
  };
  const models = new Map<string, ServedModel>();
  for (const { name, path } of options.models) {
    const thread = stack.use(new ComputeThread(onFailure));
    const choices = { ...options.network, model: path };
    const facts = await thread.do({ type: "open", choices });
    models.set(name, { ...facts, name, thread });
    options.onModel?.({ name, device: facts.device });
  }
  const { path: folder } = stack.use(await openScratchFolder());
  const turns = new Turns(1, Infinity);
  const admission = new Admission({
    requests: queue + 1,
    bytes: bodiesAtOnce * limits.mostBytes,
  });
  const metrics = new Metrics({
    waiting: () => turns.waiting,
    running: () => turns.running,
    memory: () => Deno.memoryUsage().rss,
  });
  const room = {
    ...{ models, limits, admission, turns, metrics, folder },
    hasFailed: () => hasFailed,
  };
  const server = await listenUntilGone({
    ...{ hostname: host, port },
    remedy: await mayListen(host, port)
      ? "choose an address of this machine, as 127.0.0.1 or 0.0.0.0"
      : "start it with deno task serve; where unet serve was called, run " +
        "deno task install again: the command is of an earlier version",
  }, (request) => answer(room, request, { access, onDefect }));
  stack.use(server);
  const access = { token, port: server.port };
  const opened = stack.move();
  return {
    url: `http://${shown(host)}:${server.port}`,
    token,
    failed: failed.promise,
    stop: () => admission.stop(),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

function limitsOf(
  { mostBytes = 2 ** 26, mostPixels = 2 ** 26, seconds = 300 }: ServerOptions,
): RequestLimits {
  return { mostBytes, mostPixels, seconds };
}

/** An address of this machine alone. */
function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d+){3}$/.test(host);
}

/** Whether the program was started with the permissions of a server. */
async function mayListen(host: string, port: number): Promise<boolean> {
  const { state } = await Deno.permissions.query({
    name: "net",
    host: `${host}:${port}`,
  });
  return state === "granted";
}

function tokenOf(host: string, token: string | undefined): string | null {
  if (token === undefined) return isLoopback(host) ? null : randomSecret();
  if (/^[!-~]{16,}$/.test(token)) return token;
  throw new UsageError(cannot("use", "setting", "token", {
    found: token.length < 16
      ? `${token.length} characters`
      : "spaces or letters outside ASCII",
    expected: "at least 16 characters without spaces",
  }));
}

/** An address as a part of a URL. */
function shown(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

function checkNames(models: readonly ModelChoice[]): void {
  if (models.length === 0) {
    throw new UsageError(
      cannot("serve", "models", "none", { expected: "at least one" }),
    );
  }
  const names = new Set<string>();
  for (const { name } of models) {
    const isName = /^[\w.-]{1,100}$/.test(name);
    if (isName && !names.has(name)) {
      names.add(name);
      continue;
    }
    throw new UsageError(cannot("serve", "model", name, {
      found: isName
        ? "another model of that name"
        : "a name that an address cannot have",
      expected: "a name of its own: letters, digits, dots, _ and -",
      remedy: "name it, as in `model NAME=PATH`",
    }));
  }
}
