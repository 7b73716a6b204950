/** Micrometers in the units of length that OME-XML knows, by their symbol. */
const bySymbol: ReadonlyMap<string, number> = new Map([
  ["\u00b5m", 1],
  ["\u03bcm", 1],
  ["um", 1],
  ["nm", 1e-3],
  ["mm", 1e3],
  ["cm", 1e4],
  ["dm", 1e5],
  ["m", 1e6],
  ["pm", 1e-6],
  ["\u00c5", 1e-4],
  ["in", 25400],
  ["pt", 25400 / 72],
]);

/** The same by the names that people type into ImageJ, without a plural. */
const byName: ReadonlyMap<string, number> = new Map([
  ["micron", 1],
  ["micrometer", 1],
  ["micrometre", 1],
  ["nanometer", 1e-3],
  ["nanometre", 1e-3],
  ["millimeter", 1e3],
  ["millimetre", 1e3],
  ["centimeter", 1e4],
  ["centimetre", 1e4],
  ["meter", 1e6],
  ["metre", 1e6],
  ["inch", 25400],
]);

/**
 * µm in a unit of length, by its symbol (where capitals matter) or its English
 * name.
 *
 * @returns Undefined where it is none that is known, as a pixel.
 */
export function micrometersIn(unit: string): number | undefined {
  const text = unit.trim();
  const name = text.toLowerCase().replace(/(?<=inch)es$|(?<=[rne])s$/, "");
  return bySymbol.get(text) ?? byName.get(name);
}
