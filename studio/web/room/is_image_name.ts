/** Whether a file is called as images that a page reads are. */
export function isImageName(name: string): boolean {
  return /\.(png|jpe?g|tiff?)$/i.test(name);
}
