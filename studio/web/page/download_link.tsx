/**
 * What takes the place of the studio's `download_link.tsx`: a file that a
 * thread makes.
 *
 * @module
 */
import type { ComponentChildren, JSX } from "preact";
import { orShowFault } from "../../page/parts.ts";
import type { Query } from "./api.ts";
import { saveFile } from "./save_file.ts";

/** A button that saves a file. */
export function DownloadLink(
  { path, query, title, children }: {
    readonly path: string;
    readonly query: Query;
    readonly title?: string;
    readonly children: ComponentChildren;
  },
): JSX.Element {
  return (
    <button
      type="button"
      title={title}
      onClick={() => orShowFault(saveFile(path, query))}
    >
      {children}
    </button>
  );
}
