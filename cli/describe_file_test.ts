import { assertEquals } from "@std/assert";
import {
  describeBatch,
  describeFile,
  describeOutputs,
  describeTable,
} from "./describe_file.ts";
import type { SegmentedFile } from "@unet/infer";

const file = {
  ...{ input: "cells/a.tif", outputs: { png: "masks/a.png" } },
  ...{ written: ["masks/a.png"], kept: [], otherKind: [], stale: [] },
  ...{ width: 512, height: 384, foreground: 0.1234, objects: 37, area: 9 },
  seconds: 1.44,
  notes: [],
};

Deno.test("describeFile() says size, objects, share and time", () => {
  assertEquals(
    describeFile(file),
    "cells/a.tif → masks/a.png  512×384 px, 37 objects, 12.3 % of the area, 1.4 s",
  );
  assertEquals(
    describeFile({ ...file, objects: 1, foreground: 0 }),
    "cells/a.tif → masks/a.png  512×384 px, 1 object, 0.0 % of the area, 1.4 s",
  );
});

Deno.test("describeFile() says how large the image's objects are, and by how much it was scaled", () => {
  const words = (diameter: number | null, scale: number) =>
    describeFile({ ...file, imageScale: { diameter, scale } });
  assertEquals(
    words(74, 0.3784),
    "cells/a.tif → masks/a.png  512×384 px, objects of about 74 px scaled by " +
      "0.38, 37 objects, 12.3 % of the area, 1.4 s",
  );
  assertEquals(
    words(28, 1),
    "cells/a.tif → masks/a.png  512×384 px, objects of about 28 px, " +
      "37 objects, 12.3 % of the area, 1.4 s",
  );
});

Deno.test("describeFile() says that objects could not be measured, and nothing more of an image without any", () => {
  const imageScale = { diameter: null, scale: 1 };
  assertEquals(
    describeFile({ ...file, imageScale }),
    "cells/a.tif → masks/a.png  512×384 px, size of objects unknown, " +
      "37 objects, 12.3 % of the area, 1.4 s",
  );
  assertEquals(
    describeFile({ ...file, imageScale, objects: 0, foreground: 0 }),
    "cells/a.tif → masks/a.png  512×384 px, 0 objects, 0.0 % of the area, 1.4 s",
  );
});

Deno.test("describeFile() counts objects by class, and says the share of each class of a class map", () => {
  const objectClasses = [
    { name: "tumor", objects: 21 },
    { name: "stroma", objects: 16 },
  ];
  assertEquals(
    describeFile({ ...file, objectClasses }),
    "cells/a.tif → masks/a.png  512×384 px, 37 objects (21 tumor, 16 stroma), " +
      "12.3 % of the area, 1.4 s",
  );
  const { foreground: _, objects: __, area: ___, ...map } = file;
  const classes = [
    { name: "background", pixels: 379, share: 0.379 },
    { name: "axon", pixels: 341, share: 0.341 },
    { name: "myelin", pixels: 280, share: 0.28 },
  ];
  assertEquals(
    describeFile({ ...map, classes }),
    "cells/a.tif → masks/a.png  512×384 px, axon 34.1 %, myelin 28.0 %, 1.4 s",
  );
});

Deno.test("describeFile() says which empty margins were left out, and none where there are none", () => {
  const margins = { left: 0, top: 0, right: 90, bottom: 130 };
  assertEquals(
    describeFile({ ...file, margins }),
    "cells/a.tif → masks/a.png  512×384 px, 37 objects, 12.3 % of the area, " +
      "margins left out: 90 px right, 130 px bottom, 1.4 s",
  );
  assertEquals(
    describeFile({ ...file, margins: { ...margins, right: 0, bottom: 0 } }),
    describeFile(file),
  );
});

Deno.test("describeBatch() counts images, one image in the singular", () => {
  const report = {
    ...{ files: [], segmented: 1, skipped: 0, failed: 0, seconds: 3 },
    manifestFaults: [],
  };
  assertEquals(
    describeBatch(report),
    "1 image segmented, 0 skipped, 0 failed, 3.0 s",
  );
  assertEquals(
    describeBatch({ ...report, segmented: 57, skipped: 93, seconds: 125 }),
    "57 images segmented, 93 skipped (finished earlier; --force redoes), 0 failed, 2 m 05 s",
  );
});

Deno.test("describeFile() names the output that was written, and what was kept or is stale", () => {
  const more = { ...file, written: ["masks/a_overlay.png"], kept: ["a.png"] };
  assertEquals(
    describeFile({ ...more, drawnFrom: "mask" }),
    "cells/a.tif → masks/a_overlay.png  512×384 px, 37 objects, 12.3 % of " +
      "the area, drawn from the mask of an earlier run, 1.4 s",
  );
  assertEquals(
    describeFile(more),
    "cells/a.tif → masks/a_overlay.png  512×384 px, 37 objects, 12.3 % of " +
      "the area, segmented again, 1 output kept, 1.4 s",
  );
  assertEquals(
    describeFile({ ...file, stale: ["a.csv", "a.tif"] }),
    "cells/a.tif → masks/a.png  512×384 px, 37 objects, 12.3 % of the area, " +
      "left from other settings: a.csv, a.tif, 1.4 s",
  );
});

Deno.test("describeOutputs() says where the table is, and what is of another kind", () => {
  const report = {
    ...{ files: [], segmented: 1, skipped: 0, failed: 0, seconds: 3 },
    manifestFaults: [],
  };
  assertEquals(describeOutputs(report), []);
  const skipped = { input: "a", changed: [] } as const;
  const table = {
    ...{ path: "masks/measurements.csv", images: 1, objects: 37 },
    ...{ classes: 0, stacks: 0, sections: 37, faults: [], setups: 1 },
  };
  const done = {
    ...{ event: "done", at: "", name: "a", input: "a", size: 0 } as const,
    ...{ modified: 0, hash: "", setup: "", outputs: [], counts: {} },
    seconds: 0,
  };
  assertEquals(
    describeOutputs({
      ...report,
      files: [
        { ...skipped, skipped: done, otherKind: ["a.tif", "a_overlay.png"] },
        { ...skipped, skipped: done, otherKind: [] },
      ],
      table: { ...table, setups: 2 },
      summary: "masks/summary.html",
    }),
    [
      "Kept as an earlier run drew them, in another style or without a " +
      "pyramid: a.tif and 1 more (--force draws them again)",
      "Table: masks/measurements.csv, 37 objects of 1 image",
      "Note: its rows were made with 2 different settings or models; the " +
      "column setup separates them",
      "Summary: masks/summary.html",
    ],
  );
});

Deno.test("describeFile() says how many planes a stack has, and whether its objects are linked", () => {
  const stack = {
    axis: "plane",
    count: 6,
    sections: 90,
    isLinked: true,
  } as const;
  const lineOf = (more: Partial<SegmentedFile>) =>
    describeFile({ ...file, ...more }).split("  ")[1];
  const rest = "12.3 % of the area, 1.4 s";
  assertEquals(
    lineOf({ stack }),
    `512×384 px, 6 planes, 37 objects in 90 sections, ${rest}`,
  );
  assertEquals(
    lineOf({ objects: 90, stack: { ...stack, isLinked: false } }),
    `512×384 px, 6 planes, 90 sections (not linked), ${rest}`,
  );
  assertEquals(
    lineOf({
      objects: 1,
      stack: { ...stack, axis: "time", count: 1, sections: 1 },
    }),
    `512×384 px, 1 time point, 1 object in 1 detection, ${rest}`,
  );
});

Deno.test("describeTable() counts rows and labels where a table holds stacks", () => {
  const table = {
    ...{
      path: "m.csv",
      images: 2,
      stacks: 1,
      objects: 37,
      sections: 90,
      classes: 0,
    },
    ...{ faults: [], setups: 1 },
  };
  assertEquals(
    describeTable(table),
    "Table: m.csv, 90 sections with 37 labels of 2 images",
  );
});
