import { assertAlmostEquals, assertEquals } from "@std/assert";
import {
  type SegmentRuns,
  segmentTable,
  toSegmentResults,
} from "./segment_results.ts";

function runs(of: Partial<SegmentRuns>, seconds: number[]): SegmentRuns {
  return {
    work: "plate",
    program: "unet",
    version: "wasm (float32)",
    images: 10,
    megapixels: 0.6,
    runs: seconds.map((each) => ({
      seconds: each,
      processorSeconds: 2 * each,
      peakMemoryBytes: each * 2 ** 20,
      lines: [],
    })),
    ...of,
  };
}

const all = [
  runs({}, [4, 2, 5]),
  runs({ program: "openvino" }, [3, 1]),
  runs({ work: "large", images: 1, megapixels: 30 }, [20]),
];

Deno.test("rates are the fastest run's, and memory the largest", () => {
  const [plate] = toSegmentResults(all);
  assertEquals(plate, {
    work: "plate",
    program: "unet",
    version: "wasm (float32)",
    images: 10,
    megapixels: 0.6,
    rounds: 3,
    seconds: 2,
    medianSeconds: 4,
    imagesPerSecond: 5,
    megapixelsPerSecond: 0.3,
    processorSeconds: 4,
    peakMemoryBytes: 5 * 2 ** 20,
    ratioToOpenvino: 0.5,
  });
});

Deno.test("OpenVINO is compared with the same work alone", () => {
  assertEquals(
    toSegmentResults(all).map(({ ratioToOpenvino }) => ratioToOpenvino),
    [0.5, 1, null],
  );
});

Deno.test("what a system does not count is left open", () => {
  const run = {
    seconds: 1,
    processorSeconds: null,
    peakMemoryBytes: null,
    lines: [],
  };
  const [result] = toSegmentResults([runs({ runs: [run, run] }, [])]);
  assertEquals([result?.processorSeconds, result?.peakMemoryBytes], [
    null,
    null,
  ]);
  assertAlmostEquals(result!.imagesPerSecond, 10);
});

Deno.test("the table leaves out rates that a single image does not have", () => {
  const start = runs({ work: "start", images: 1, megapixels: 0.06 }, [1]);
  assertEquals(segmentTable(toSegmentResults([...all, start])), [
    "                                          images/s   MP/s  seconds  median  processor s  peak MiB  OpenVINO",
    "plate, unet                                   5.00  0.300     2.00    4.00         4.00         5    0.50 ×",
    "plate, OpenVINO (network and mask alone)      10.0  0.600     1.00    2.00         2.00         3    1.00 ×",
    "large image with instances, unet                 –   1.50     20.0    20.0         40.0        20         –",
    "one small image, unet                            –      –     1.00    1.00         2.00         1         –",
  ]);
});
