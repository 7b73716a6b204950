/** Values of an image, by their type. */
export type Values = Uint8Array | Uint16Array | Uint32Array | Float32Array;
