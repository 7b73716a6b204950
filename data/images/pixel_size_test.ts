import { assertEquals } from "@std/assert";
import {
  pixelSizeOfAperio,
  pixelSizeOfImageJ,
  pixelSizeOfTags,
  sized,
} from "./pixel_size.ts";

Deno.test("pixelSizeOfTags() reads dots per inch and per centimeter", () => {
  assertEquals(pixelSizeOfTags({ x: 20000, y: 40000, unit: 3 }), {
    x: 0.5,
    y: 0.25,
  });
  assertEquals(pixelSizeOfTags({ x: 50800, y: 50800, unit: 2 }), {
    x: 0.5,
    y: 0.5,
  });
});

Deno.test("pixelSizeOfTags() does not believe a printer's resolution, nor a length without unit", () => {
  for (const dots of [72, 96, 150, 300, 600, 1200, 2400]) {
    assertEquals(pixelSizeOfTags({ x: dots, y: dots, unit: 2 }), undefined);
  }
  assertEquals(pixelSizeOfTags({ x: 20000, y: 20000, unit: 1 }), undefined);
  assertEquals(pixelSizeOfTags({ x: 0, y: 20000, unit: 3 }), undefined);
  assertEquals(pixelSizeOfTags({ x: NaN, y: 20000, unit: 3 }), undefined);
  assertEquals(pixelSizeOfTags({ x: 1e9, y: 1e9, unit: 3 }), undefined);
});

Deno.test("pixelSizeOfImageJ() reads the units that ImageJ writes", () => {
  const resolution = { x: 4, y: 2, unit: 1 };
  for (const unit of ["micron", "microns", "um", "\\u00B5m", "\u00b5m"]) {
    assertEquals(pixelSizeOfImageJ(unit, resolution), { x: 0.25, y: 0.5 });
  }
  assertEquals(pixelSizeOfImageJ("nm", resolution), { x: 0.00025, y: 0.0005 });
  const names = ["Microns", "micrometer", "\\u03BCm ", "micrometres"];
  for (const unit of names) {
    assertEquals(pixelSizeOfImageJ(unit, resolution), { x: 0.25, y: 0.5 });
  }
  assertEquals(pixelSizeOfImageJ("mm", { x: 4000, y: 2000, unit: 1 }), {
    x: 0.25,
    y: 0.5,
  });
  assertEquals(pixelSizeOfImageJ("cm", { x: 40000, y: 20000, unit: 1 }), {
    x: 0.25,
    y: 0.5,
  });
  assertEquals(pixelSizeOfImageJ("um", resolution, "nm"), {
    x: 0.25,
    y: 0.0005,
  });
  for (const unit of ["pixel", "pixels", "Mm", "sec", "inch2", "", undefined]) {
    assertEquals(pixelSizeOfImageJ(unit, resolution), undefined);
  }
});

Deno.test("pixelSizeOfImageJ() believes an inch where a microscope may have it, not a printer's", () => {
  for (const unit of ["inch", "inches", "Inch", "in"]) {
    assertEquals(pixelSizeOfImageJ(unit, { x: 50800, y: 25400, unit: 2 }), {
      x: 0.5,
      y: 1,
    });
    for (const dots of [72, 96, 300, 2400]) {
      const printed = { x: dots, y: dots, unit: 2 };
      assertEquals(pixelSizeOfImageJ(unit, printed), undefined);
    }
  }
});

Deno.test("pixelSizeOfAperio() reads micrometers a pixel among the rest", () => {
  assertEquals(
    pixelSizeOfAperio(
      "Aperio Image Library\r\n9x9|AppMag = 20|MPP = 0.4990|Left",
    ),
    { x: 0.499, y: 0.499 },
  );
  assertEquals(
    pixelSizeOfAperio("Aperio Image Library|AppMag = 20"),
    undefined,
  );
  assertEquals(pixelSizeOfAperio("Aperio|MPP = 0"), undefined);
  assertEquals(pixelSizeOfAperio("Aperio|MPP = ..."), undefined);
});

Deno.test("sized() takes no size that nothing under a microscope has", () => {
  assertEquals(sized(1e-5, 1e-5), { x: 1e-5, y: 1e-5 });
  for (const wrong of [1e-320, 1e-7, 1e7, 1e300, NaN, Infinity, -1, 0]) {
    assertEquals(sized(wrong, 0.5), undefined);
    assertEquals(sized(0.5, wrong), undefined);
  }
  assertEquals(sized(undefined, 0.5), undefined);
});
