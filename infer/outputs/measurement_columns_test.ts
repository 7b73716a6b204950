import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { measurementColumns } from "./measurement_columns.ts";

/** What stands for the channels in the names of their means. */
function partsOf(channels: readonly string[]): string[] {
  return measurementColumns(channels).filter((name) => name.startsWith("mean_"))
    .map((name) => name.slice("mean_".length));
}

Deno.test("measurementColumns() names channels in letters that need no quotes", () => {
  assertEquals(
    partsOf(["DAPI", "Alexa 488", 'FITC <488>, "live"', "Ki-67", "κ 細胞"]),
    ["DAPI", "Alexa_488", "FITC_488_live", "Ki-67", "κ_細胞"],
  );
});

Deno.test("measurementColumns() numbers channels without a name, and of the same name", () => {
  assertEquals(
    partsOf(["", "DAPI", "DAPI", "?", "DAPI_2"]),
    ["channel_0", "DAPI", "DAPI_2", "channel_3", "DAPI_2_2"],
  );
});

Deno.test("measurementColumns() never repeats a column, nor breaks a line of CSV", () => {
  fc.assert(fc.property(
    fc.array(fc.string({ unit: "binary" }), { maxLength: 6 }),
    (channels) => {
      const columns = measurementColumns(channels);
      assertEquals(new Set(columns).size, columns.length);
      assertEquals(columns.length, 20 + 5 * channels.length);
      assert(!/[,"\r\n]/.test(columns.join("")));
    },
  ));
});
