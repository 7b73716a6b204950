/**
 * What takes the place of the studio's `whole_folder.tsx`: the mask of the image
 * that is shown, as a file.
 *
 * @module
 */
import type { JSX } from "preact";
import { shown } from "../../page/parts.ts";
import { DownloadLink } from "./download_link.tsx";

/** Saves the mask that is shown. */
export function WholeFolder(): JSX.Element | null {
  const name = shown.value?.name;
  if (name === undefined) return null;
  return (
    <fieldset class="downloads">
      <legend>Download the mask</legend>
      <div class="buttons">
        <DownloadLink
          path="/api/mask/file"
          query={{ name, format: "tiff" }}
          title="Instance numbers, for Fiji, napari and QuPath"
        >
          TIFF
        </DownloadLink>
        <DownloadLink
          path="/api/mask/file"
          query={{ name, format: "png" }}
          title="Instance numbers, 16 bits"
        >
          PNG
        </DownloadLink>
      </div>
    </fieldset>
  );
}
