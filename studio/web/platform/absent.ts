/**
 * What takes the place of modules of Node in a page whose functions nothing
 * calls there.
 *
 * @module
 */

/** @throws {TypeError} Always: a defect. */
function absent(): never {
  throw new TypeError("Cannot call function of Node: found a page");
}

/** Of `node:crypto`. */
export const createHash: () => never = absent;
/** Of `node:zlib`. */
export const deflate: () => never = absent;
/** Of `node:zlib`. */
export const gunzipSync: () => never = absent;
/** Of `node:zlib`. */
export const gzip: () => never = absent;
/** Of `node:zlib`. */
export const inflateRawSync: () => never = absent;
/** Of `node:zlib`. */
export const zstdDecompressSync: () => never = absent;
/** Of `node:zlib`. */
export const constants: Readonly<Record<string, number>> = {};
/** Of `node:url`. */
export const fileURLToPath: () => never = absent;
/** Of `node:url`. */
export const pathToFileURL: () => never = absent;
/** Of the arrays of OME-Zarr. */
export const openZarrArray: () => never = absent;
