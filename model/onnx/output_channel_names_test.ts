import { assertEquals } from "@std/assert";
import { classTask, objectTask } from "@unet/task";
import { outputChannelNames } from "./output_channel_names.ts";

Deno.test("outputChannelNames() numbers the channels of a head without classes", () => {
  const [object] = objectTask().heads;
  const [classes] = classTask({ classes: ["background", "axon"] }).heads;
  assertEquals(
    outputChannelNames([
      object!,
      { name: "directions", channels: 2 },
      classes!,
    ]),
    ["object", "directions 0", "directions 1", "background", "axon"],
  );
});
