import { assert } from "@std/assert";
import { labelColor } from "./label_color.ts";

function difference(first: number, second: number): number {
  const [a, b] = [labelColor(first), labelColor(second)];
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

Deno.test("labelColor() gives bytes, far from black and white, for every label", () => {
  for (let label = 1; label < 2 ** 32; label = label * 3 + 1) {
    const color = labelColor(label);
    assert(
      color.every((value) =>
        Number.isInteger(value) && value >= 0 && value <= 255
      ),
    );
    assert(Math.max(...color) > 120 && Math.min(...color) < 210);
  }
});

Deno.test("labelColor() distinguishes labels that follow one another", () => {
  for (let label = 1; label < 3000; label++) {
    for (let ahead = 1; ahead <= 5; ahead++) {
      assert(difference(label, label + ahead) > 45, `${label} + ${ahead}`);
    }
    for (let ahead = 6; ahead <= 12; ahead++) {
      assert(difference(label, label + ahead) > 25, `${label} + ${ahead}`);
    }
  }
});

Deno.test("labelColor() makes at most some neighbors alike, whatever the distance of their labels", () => {
  for (let ahead = 1; ahead < 400; ahead++) {
    let alike = 0;
    for (let label = 1; label <= 1000; label++) {
      if (difference(label, label + ahead) < 40) alike++;
    }
    assert(alike < 400, `${alike} of 1000 at ${ahead}`);
  }
});
