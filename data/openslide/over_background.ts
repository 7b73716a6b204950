/**
 * Puts premultiplied colors with transparency over a background: what a slide
 * does not cover becomes the background, opaque colors stay as they are.
 *
 * @param pixels Alpha, red, green and blue in 32 bits each, from the highest
 * down, as OpenSlide and Cairo give them.
 * @param background Red, green and blue, 0 to 255.
 * @returns Red, green and blue of each pixel.
 */
export function overBackground(
  pixels: Uint32Array,
  background: readonly [number, number, number],
): Uint8Array {
  const [backRed, backGreen, backBlue] = background;
  const colors = new Uint8Array(pixels.length * 3);
  for (let at = 0, to = 0; at < pixels.length; at++, to += 3) {
    const pixel = pixels[at]!, missing = 255 - (pixel >>> 24);
    let red = (pixel >>> 16) & 255, green = (pixel >>> 8) & 255;
    let blue = pixel & 255;
    if (missing > 0) {
      // A damaged file may give colors brighter than their alpha allows.
      red = Math.min(255, red + Math.round(missing * backRed / 255));
      green = Math.min(255, green + Math.round(missing * backGreen / 255));
      blue = Math.min(255, blue + Math.round(missing * backBlue / 255));
    }
    colors[to] = red;
    colors[to + 1] = green;
    colors[to + 2] = blue;
  }
  return colors;
}
