/** The formats that a model can be written in. */
export const exportFormats = [
  "safetensors",
  "pth",
  "onnx",
  "bioimageio",
] as const;

/** The name of such a format. */
export type ExportFormat = typeof exportFormats[number];
