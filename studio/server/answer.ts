import { UnetError } from "@unet/errors";
import { RequestError } from "@unet/http";
import type { StudioRoom } from "../studio_room.ts";
import { checkRequest } from "./check_request.ts";
import { withHeaders } from "./headers.ts";
import type { Route } from "./route.ts";
import { routes } from "./routes.ts";
import type { Session } from "./session.ts";

/** Who asks, and for what. */
export interface AnswerOptions {
  /** Who may use the studio. */
  readonly session: Session;
  /** The server's port. */
  readonly port: number;
  /** Called with an error that is a defect of the program. */
  readonly onDefect: (error: unknown) => void;
}

/**
 * Answers a request to a studio: its own page alone, and only a browser that
 * came by the studio's address.
 *
 * @param room What answers are made of.
 * @param request The request.
 * @param options Who may ask.
 * @returns The answer, whatever happens.
 */
export async function answer(
  room: StudioRoom,
  request: Request,
  options: AnswerOptions,
): Promise<Response> {
  try {
    return withHeaders(await answerOrThrow(room, request, options));
  } catch (error) {
    if (!(error instanceof UnetError)) options.onDefect(error);
    const status = error instanceof RequestError
      ? error.status
      : error instanceof UnetError
      ? 422
      : 500;
    const message = error instanceof UnetError
      ? error.message
      : "Cannot answer request: found a defect of the program; the terminal says more";
    return withHeaders(Response.json({ error: message }, { status }));
  }
}

async function answerOrThrow(
  room: StudioRoom,
  request: Request,
  { session, port }: AnswerOptions,
): Promise<Response> {
  checkRequest(request, port);
  const { pathname, searchParams: query } = new URL(request.url);
  if (request.method === "GET" && pathname === "/" && query.has("token")) {
    const cookie = session.cookieFor(query.get("token"));
    // The token leaves the address bar, and with it the browser's history.
    if (cookie !== null) {
      return new Response(null, {
        status: 303,
        headers: { "Location": "/", "Set-Cookie": cookie },
      });
    }
  }
  if (!session.isKnown(request)) {
    throw new RequestError(
      403,
      "Cannot open the studio: found no token; use the address that the " +
        "terminal shows",
    );
  }
  return await routeOf(request.method, pathname)
    .answer(room, { query, request });
}

function routeOf(method: string, pathname: string): Route {
  const here = routes.filter(({ path }) => path === pathname);
  if (here.length === 0) {
    throw new RequestError(404, "Cannot answer request: found no such page");
  }
  const route = here.find((each) => each.method === method);
  if (route) return route;
  throw new RequestError(
    405,
    `Cannot answer request: found another method, expected ${
      here.map((each) => each.method).join(" or ")
    }`,
  );
}
