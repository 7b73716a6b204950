import type { ComponentChildren, JSX } from "preact";
import { addressOf, type Query } from "./api.ts";

/** A link to a file that the server makes. */
export function DownloadLink(
  { path, query, title, children }: {
    readonly path: string;
    readonly query: Query;
    readonly title?: string;
    readonly children: ComponentChildren;
  },
): JSX.Element {
  return (
    <a
      class="button"
      download=""
      title={title}
      href={addressOf(path, query)}
    >
      {children}
    </a>
  );
}
