/** Colors from black over red and yellow to white, by probability. */
const stops: readonly (readonly [number, number, number])[] = [
  [0, 0, 0],
  [90, 10, 100],
  [200, 50, 70],
  [250, 160, 30],
  [255, 250, 200],
];

/** How opaque the map is at most; nothing is seen where nothing is likely. */
const opacity = 190;

/** The color of each probability of 0…255, as a canvas stores it. */
export const heatColors: Uint32Array = Uint32Array.from(
  { length: 256 },
  (_, value) => {
    const place = value / 255 * (stops.length - 1);
    const first = Math.min(stops.length - 2, Math.floor(place));
    const share = place - first;
    const [red, green, blue] = [0, 1, 2].map((channel) =>
      Math.round(
        stops[first]![channel]! * (1 - share) +
          stops[first + 1]![channel]! * share,
      )
    );
    const alpha = Math.round(opacity * Math.min(1, value / 64));
    return (alpha << 24 | blue! << 16 | green! << 8 | red!) >>> 0;
  },
);
