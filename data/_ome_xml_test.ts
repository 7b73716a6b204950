import { assertEquals, assertThrows } from "@std/assert";
import { parseOme } from "./_ome_xml.ts";

/** A description of 2 channels, 3 planes and 2 times. */
function describe(
  inside = "",
  attributes = "",
  prefix = "",
  root = "",
): string {
  return `<?xml version="1.0"?><${prefix}OME ${root}><${prefix}Image>` +
    `<${prefix}Pixels DimensionOrder="XYZCT" SizeX="9" SizeY="8" SizeC="2" ` +
    `SizeZ="3" SizeT="2" ${attributes}>${inside}</${prefix}Pixels>` +
    `</${prefix}Image></${prefix}OME>`;
}

Deno.test("parseOme() counts pages in the order that is given", () => {
  const ome = parseOme(describe())!;
  assertEquals([ome.planes, ome.times, ome.sizeC], [3, 2, 2]);
  assertEquals(ome.directoryOf(0, 2, 0), 2);
  assertEquals(ome.directoryOf(1, 0, 0), 3);
  assertEquals(ome.directoryOf(1, 2, 1), 11);
  const other = parseOme(describe().replace("XYZCT", "XYCTZ"))!;
  assertEquals(other.directoryOf(1, 0, 0), 1);
  assertEquals(other.directoryOf(0, 0, 1), 2);
  assertEquals(other.directoryOf(0, 1, 0), 4);
});

Deno.test("parseOme() puts pages where TiffData does", () => {
  const ome = parseOme(describe(
    '<TiffData IFD="7" FirstC="1" FirstZ="1"/>' +
      '<TiffData IFD="0" PlaneCount="3"/><TiffData FirstT="1" IFD="9" PlaneCount="2"/>',
  ))!;
  assertEquals(ome.directoryOf(1, 1, 0), 7);
  assertEquals(ome.directoryOf(0, 2, 0), 2);
  assertEquals(ome.directoryOf(0, 1, 1), 10);
  assertEquals(ome.directoryOf(1, 2, 1), undefined);
});

Deno.test("parseOme() knows a page of another file by its UUID, not by its name", () => {
  const own =
    '<TiffData IFD="0"><UUID FileName="renamed.tif">urn:a</UUID></TiffData>';
  const other =
    '<TiffData IFD="0" FirstC="1"><UUID FileName="b.tif">urn:b</UUID></TiffData>';
  const ome = parseOme(describe(own + other, "", "", 'UUID="urn:a"'))!;
  assertEquals(ome.directoryOf(0, 0, 0), 0);
  assertEquals(ome.directoryOf(1, 0, 0), -1);
});

Deno.test("parseOme() reads names of channels, and lengths in any unit", () => {
  const channels = '<Channel Name="DAPI"/><Channel SamplesPerPixel="1"/>';
  const ome = parseOme(
    describe(
      channels,
      'PhysicalSizeX="500" PhysicalSizeXUnit="nm" PhysicalSizeY="0.5"',
      "ome:",
    ).replaceAll("<Channel", "<ome:Channel"),
  )!;
  assertEquals(ome.channels, ["DAPI", ""]);
  assertEquals([ome.pixelWidth, ome.pixelHeight], [0.5, 0.5]);
  for (
    const attributes of [
      'PhysicalSizeX="0"',
      'PhysicalSizeX="-1"',
      'PhysicalSizeX="wide"',
      'PhysicalSizeX="1" PhysicalSizeXUnit="pixel"',
      'PhysicalSizeX="1" PhysicalSizeXUnit="toString"',
    ]
  ) {
    assertEquals(parseOme(describe("", attributes))!.pixelWidth, undefined);
  }
});

Deno.test("parseOme() takes color for one channel of three values", () => {
  const text = describe('<Channel SamplesPerPixel="3"/>')
    .replace('SizeC="2"', 'SizeC="3"');
  assertEquals(parseOme(text)!.channels, [""]);
});

Deno.test("parseOme() finds no image where the description lies elsewhere", () => {
  assertEquals(
    parseOme("<OME><BinaryOnly MetadataFile='a.ome'/></OME>"),
    undefined,
  );
});

Deno.test("parseOme() refuses what is no XML and numbers that are none", () => {
  for (
    const text of [
      "<OME><Image>",
      `<OME>${"<a>".repeat(100_000)}`,
      describe().replace('SizeZ="3"', 'SizeZ="0"'),
      describe().replace('SizeT="2"', 'SizeT="1e9"'),
      describe().replace('SizeC="2"', 'SizeC="two"'),
      describe().replace("XYZCT", "XYZCC"),
      describe('<TiffData IFD="-1"/>'),
      describe().replace('SizeZ="3"', 'SizeZ="1000000"')
        .replace('SizeT="2"', 'SizeT="1000000"'),
    ]
  ) {
    assertThrows(() => parseOme(text), Error);
  }
});
