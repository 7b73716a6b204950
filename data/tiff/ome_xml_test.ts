import { assertEquals, assertThrows } from "@std/assert";
import { parseOme } from "./ome_xml.ts";

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

/** The first image of a description, and where it has its pages. */
function imageOf(text: string) {
  const image = parseOme(text).images[0]!;
  const pageOf = (channel: number, plane: number, time: number) =>
    image.pageOf({ channel, plane, time });
  return {
    ...image,
    entryOf: (...page: [number, number, number]) => pageOf(...page)?.entry,
    directoryOf: (...page: [number, number, number]) =>
      pageOf(...page)?.directory,
  };
}

Deno.test("parseOme() counts pages in the order that is given", () => {
  const ome = imageOf(describe());
  assertEquals([ome.planes, ome.times, ome.sizeC], [3, 2, 2]);
  assertEquals(ome.directoryOf(0, 2, 0), 2);
  assertEquals(ome.directoryOf(1, 0, 0), 3);
  assertEquals(ome.directoryOf(1, 2, 1), 11);
  const other = imageOf(describe().replace("XYZCT", "XYCTZ"));
  assertEquals(other.directoryOf(1, 0, 0), 1);
  assertEquals(other.directoryOf(0, 0, 1), 2);
  assertEquals(other.directoryOf(0, 1, 0), 4);
});

Deno.test("parseOme() puts pages where TiffData does", () => {
  const ome = imageOf(describe(
    '<TiffData IFD="7" FirstC="1" FirstZ="1"/>' +
      '<TiffData IFD="0" PlaneCount="3"/><TiffData FirstT="1" IFD="9" PlaneCount="2"/>',
  ));
  assertEquals(ome.directoryOf(1, 1, 0), 7);
  assertEquals(ome.directoryOf(0, 2, 0), 2);
  assertEquals(ome.directoryOf(0, 1, 1), 10);
  assertEquals(ome.directoryOf(1, 2, 1), undefined);
});

Deno.test("parseOme() lets a later entry come before an earlier one", () => {
  const ome = imageOf(describe(
    '<TiffData IFD="3" FirstZ="1"/><TiffData IFD="20" PlaneCount="12"/>' +
      '<TiffData IFD="9" FirstZ="2"/>',
  ));
  assertEquals(
    [0, 1, 2].map((plane) => ome.directoryOf(0, plane, 0)),
    [20, 21, 9],
  );
});

Deno.test("parseOme() says what is on a page by the number that entries count with", () => {
  const text = describe().replace("XYZCT", "XYCTZ"), ome = imageOf(text);
  for (let index = 0; index < 12; index++) {
    const { channel, plane, time } = ome.pageAt(index);
    assertEquals(ome.directoryOf(channel, plane, time), index);
  }
});

Deno.test("parseOme() gives the files that pages lie in, by name and identifier", () => {
  const own =
    '<TiffData IFD="0"><UUID FileName="a.tif">urn:a</UUID></TiffData>';
  const other =
    '<TiffData IFD="0" FirstC="1"><UUID FileName="b.tif"/></TiffData>';
  const text = describe(own + other, "", "", 'UUID="urn:a"');
  const ome = imageOf(text);
  assertEquals(parseOme(text).uuid, "urn:a");
  const [first, second] = [ome.entryOf(0, 0, 0)!, ome.entryOf(1, 0, 0)!];
  assertEquals([first.fileName, first.uuid], ["a.tif", "urn:a"]);
  assertEquals([second.fileName, second.uuid], ["b.tif", undefined]);
});

Deno.test("parseOme() reads names of channels, and lengths in any unit", () => {
  const channels = '<Channel Name="DAPI"/><Channel SamplesPerPixel="1"/>';
  const ome = imageOf(
    describe(
      channels,
      'PhysicalSizeX="500" PhysicalSizeXUnit="nm" PhysicalSizeY="0.5"',
      "ome:",
    ).replaceAll("<Channel", "<ome:Channel"),
  );
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
    assertEquals(imageOf(describe("", attributes)).pixelWidth, undefined);
  }
});

Deno.test("parseOme() takes color for one channel of three values", () => {
  const text = describe('<Channel SamplesPerPixel="3"/>')
    .replace('SizeC="2"', 'SizeC="3"');
  assertEquals(imageOf(text).channels, [""]);
});

Deno.test("parseOme() says in which file the description lies, where not here", () => {
  assertEquals(
    parseOme(
      '<OME UUID="urn:a"><BinaryOnly MetadataFile="a.ome" UUID="urn:b"/></OME>',
    ),
    {
      uuid: "urn:a",
      elsewhere: { fileName: "a.ome", uuid: "urn:b" },
      images: [],
    },
  );
});

Deno.test("parseOme() refuses what is no XML and invalid numbers", () => {
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
