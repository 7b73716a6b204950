import { assertEquals } from "@std/assert";
import { describeBatch, describeFile } from "./describe_file.ts";

const file = {
  ...{ input: "cells/a.tif", outputs: { png: "masks/a.png" } },
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
