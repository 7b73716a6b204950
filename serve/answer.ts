import { UnetError, UsageError } from "@unet/errors";
import { RequestError } from "@unet/http";
import { type Access, authorize } from "./authorize.ts";
import { wordParameters } from "./parameters.ts";
import { type FoundRoute, type Route, routeOf } from "./routes.ts";
import type { Asked, ServerRoom } from "./server_room.ts";

/** Who asks, and who hears of defects. */
export interface AnswerOptions {
  /** Who may ask. */
  readonly access: Access;
  /** Called with an error that is a defect of the program. */
  readonly onDefect: (error: unknown) => void;
}

/** What the client's going away ends work with. */
class GoneError extends Error {
  override name = "GoneError";
}

/**
 * Answers a request, and counts it.
 *
 * @param room What answers are made of.
 * @param request The request.
 * @param options Who may ask.
 * @returns The answer, whatever happens.
 */
export async function answer(
  room: ServerRoom,
  request: Request,
  options: AnswerOptions,
): Promise<Response> {
  const started = performance.now();
  // A name that a client chose would make a series of its own.
  let name = "other";
  const response = await answerOrThrow(room, request, options, (route) => {
    name = route.name;
  }).catch((error) => refusal(error, options.onDefect));
  const seconds = (performance.now() - started) / 1000;
  room.metrics.answered(name, response.status, seconds);
  response.headers.set("X-Content-Type-Options", "nosniff");
  response.headers.set("Cache-Control", "no-store");
  return response;
}

async function answerOrThrow(
  room: ServerRoom,
  request: Request,
  { access }: AnswerOptions,
  onRoute: (route: Route) => void,
): Promise<Response> {
  const { pathname, searchParams: query } = new URL(request.url);
  const found = foundOrRefused(request, pathname);
  if (!("route" in found && found.route.isOpen)) authorize(request, access);
  if (!("route" in found)) throw found;
  const { route, model } = found;
  onRoute(route);
  if (route.method === "GET") {
    const { signal } = new AbortController();
    return await route.answer(room, { request, model, query, signal });
  }
  using ticket = room.admission.enter();
  using limits = limitsOf(request, room.limits.seconds);
  const asked: Asked = { request, model, query, signal: limits.signal };
  return await route.answer(room, { ...asked, ticket });
}

/** An address that is not there is said to those who may ask, alone. */
function foundOrRefused(
  request: Request,
  pathname: string,
): FoundRoute | RequestError {
  try {
    return routeOf(request.method, pathname);
  } catch (error) {
    if (error instanceof RequestError) return error;
    throw error;
  }
}

/** What ends the work of a request: its client goes, or its time is over. */
function limitsOf(
  { signal }: Request,
  seconds: number,
): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const leave = () => controller.abort(new GoneError("The client went away"));
  const timer = setTimeout(() => {
    controller.abort(
      new RequestError(
        504,
        `Cannot answer request: found no end within ${seconds} s`,
      ),
    );
  }, seconds * 1000);
  signal.addEventListener("abort", leave, { once: true });
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(timer);
      signal.removeEventListener("abort", leave);
    },
  };
}

function refusal(
  error: unknown,
  onDefect: AnswerOptions["onDefect"],
): Response {
  const isFault = error instanceof UnetError;
  const isGone = error instanceof GoneError;
  if (!isFault && !isGone) onDefect(error);
  const status = error instanceof RequestError
    ? error.status
    : error instanceof UsageError
    ? 400
    : isFault
    ? 422
    // As nginx has it; nobody reads it but the metrics.
    : isGone
    ? 499
    : 500;
  const message = isFault || isGone
    ? wordParameters((error as Error).message)
    : "Cannot answer request: found a defect of the program; its log says more";
  const headers = new Headers();
  if (error instanceof RequestError && error.retryAfter !== undefined) {
    headers.set("Retry-After", String(error.retryAfter));
  }
  if (status === 401) headers.set("WWW-Authenticate", "Bearer");
  return Response.json({ error: message }, { status, headers });
}
