import { RequestError } from "@unet/http";
import { findServed, modelVersion } from "./find_served.ts";
import { segmentImage } from "./segment_image.ts";
import type { Asked, AskedWork, ServerRoom } from "./server_room.ts";
import { describeModel, describeServer } from "./v2/describe_server.ts";
import { infer } from "./v2/infer.ts";
import { version } from "./version.ts";

/** What is answered at an address. */
export type Route =
  & {
    /** Its name in metrics. */
    readonly name: string;
    /** The path; NAME stands for a model. */
    readonly path: string;
    /** Whether anybody may ask, as probes do. */
    readonly isOpen?: boolean;
  }
  & (
    | {
      readonly method: "GET";
      answer(room: ServerRoom, asked: Asked): Response | Promise<Response>;
    }
    | {
      readonly method: "POST";
      answer(room: ServerRoom, asked: AskedWork): Promise<Response>;
    }
  );

const isReady = ({ admission, hasFailed }: ServerRoom): boolean =>
  !admission.isStopping && !hasFailed();

/** An answer to a probe: its status is what counts. */
function health(isGood: boolean, words: Record<string, boolean>): Response {
  return Response.json(words, { status: isGood ? 200 : 503 });
}

/** Every address, as the README lists them. */
export const routes: readonly Route[] = [
  {
    name: "live",
    method: "GET",
    path: "/v2/health/live",
    isOpen: true,
    answer: ({ hasFailed }) => health(!hasFailed(), { live: !hasFailed() }),
  },
  {
    name: "ready",
    method: "GET",
    path: "/v2/health/ready",
    isOpen: true,
    answer: (room) => health(isReady(room), { ready: isReady(room) }),
  },
  {
    name: "server",
    method: "GET",
    path: "/v2",
    answer: () => Response.json(describeServer(version)),
  },
  {
    name: "model",
    method: "GET",
    path: "/v2/models/NAME",
    answer: (room, { model }) =>
      Response.json(describeModel(findServed(room, model))),
  },
  {
    name: "model_ready",
    method: "GET",
    path: "/v2/models/NAME/ready",
    answer(room, { model }) {
      const { name } = findServed(room, model), ready = isReady(room);
      return Response.json({ name, ready }, { status: ready ? 200 : 503 });
    },
  },
  {
    name: "infer",
    method: "POST",
    path: "/v2/models/NAME/infer",
    answer: infer,
  },
  {
    name: "segment",
    method: "POST",
    path: "/segment",
    answer: segmentImage,
  },
  {
    name: "metrics",
    method: "GET",
    path: "/metrics",
    async answer({ metrics }) {
      const { text, type } = await metrics.read();
      return new Response(text, { headers: { "Content-Type": type } });
    },
  },
];

/** A route, and the model that the address names. */
export interface FoundRoute {
  /** The route. */
  readonly route: Route;
  /** The model. */
  readonly model: string | undefined;
}

/**
 * Finds what is answered at an address.
 *
 * @param method The method of the request.
 * @param pathname The path of its address.
 * @throws {RequestError} With status 404 or 405.
 */
export function routeOf(method: string, pathname: string): FoundRoute {
  const place = /^\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?(\/\w+)?$/
    .exec(pathname);
  const [, name, named, rest = ""] = place ?? [];
  const path = place ? `/v2/models/NAME${rest}` : pathname;
  const here = routes.filter((route) => route.path === path);
  if (here.length === 0 || named !== undefined && named !== modelVersion) {
    throw new RequestError(
      404,
      named !== undefined && here.length > 0
        ? `Cannot find version: found none of that number, expected ${modelVersion}`
        : "Cannot answer request: found no such address",
    );
  }
  const wanted = method === "HEAD" ? "GET" : method;
  const route = here.find((each) => each.method === wanted);
  if (!route) {
    throw new RequestError(
      405,
      `Cannot answer request: found another method, expected ${
        here.map((each) => each.method).join(" or ")
      }`,
    );
  }
  return { route, model: name === undefined ? undefined : decoded(name) };
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch (cause) {
    throw new RequestError(
      404,
      "Cannot find model: found a name that is no text",
      { cause },
    );
  }
}
