import type { JSX } from "preact";
import { addressOf, type Query } from "./api.ts";

/** A small picture that the server makes; nothing until it is asked for. */
export function Picture(
  { path, query, side, isAsked }: {
    readonly path: string;
    readonly query: Query;
    readonly side: number;
    readonly isAsked: boolean;
  },
): JSX.Element {
  return (
    <img
      src={isAsked ? addressOf(path, query) : undefined}
      alt=""
      width={side}
      height={side}
    />
  );
}
