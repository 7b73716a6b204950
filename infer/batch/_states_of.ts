import { type FileState, latestState } from "./file_state.ts";
import type { ManifestContent } from "./read_manifest.ts";

/** What all manifests of a folder say about each file, by its name. */
export function statesOf(
  contents: readonly ManifestContent[],
): Map<string, FileState> {
  const states = new Map<string, FileState>();
  for (const { files } of contents) {
    for (const [name, state] of files) {
      const other = states.get(name);
      states.set(name, other ? latestState(other, state) : state);
    }
  }
  return states;
}
