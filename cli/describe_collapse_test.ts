import { assertMatch } from "@std/assert";
import { describeCollapse } from "./describe_collapse.ts";
import { readFlags } from "./flags.ts";
import { train } from "./train.ts";
import { settingsOf } from "./train_settings.ts";

function settingsFor(...args: string[]) {
  const flags = train.groups.flatMap(({ flags }) => flags);
  return settingsOf(readFlags("train", flags, args));
}

Deno.test("describeCollapse() advises a tenth of the learning rate", async () => {
  assertMatch(
    describeCollapse(2, await settingsFor("--recipe", "report")),
    /^Note: for the last 2 epochs .* too large\. .* try --lr 0\.01$/,
  );
});

Deno.test("describeCollapse() advises batch norm where there is none", async () => {
  const settings = await settingsFor("--batch-norm", "off", "--lr", "0.3");
  assertMatch(
    describeCollapse(1, settings),
    /^Note: for the last epoch .* try --lr 0\.03 or --batch-norm on$/,
  );
});
