/**
 * The endings of files that are taken from a folder or by a pattern; a file
 * named outright needs none of them.
 */
export const imageEndings: readonly string[] = [
  ...[".png", ".jpg", ".jpeg", ".webp", ".gif"],
  ...[".tif", ".tiff", ".btf", ".tf2", ".tf8", ".lsm", ".stk"],
  // Whole slides. Those whose parts are images or alike, as VMS and DICOM, are
  // named outright: each of their files would be taken for a slide.
  ...[".svs", ".ndpi", ".scn", ".qptiff"],
  ...[".mrxs", ".bif", ".svslide", ".czi"],
  ...[".zarr", ".zarr.zip", ".ozx"],
];

/**
 * The ending of a file's name with its dot, `.ome.tif` and `.zarr.zip` in one
 * piece, or an empty text.
 */
export function endingOf(name: string): string {
  // A name that starts with its only dot is hidden, not an ending.
  return /(?<=[^/\\])(\.ome)?(\.zarr(?=\.zip$))?\.[^./\\]*$/i.exec(name)?.[0] ??
    "";
}

/** Whether a file's ending is that of an image. */
export function isImage(name: string): boolean {
  const ending = endingOf(name).toLowerCase().replace(/^\.ome/, "");
  return imageEndings.includes(ending);
}
