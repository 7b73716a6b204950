import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { fromFileUrl, join, resolve } from "@std/path";
import { TrainingError, UsageError } from "@unet/errors";
import { createRun } from "@unet/train";
import { type Flags, readFlags } from "./flags.ts";
import { train } from "./train.ts";
import {
  resumeSettings,
  settingsOf as settingsOfFlags,
} from "./train_settings.ts";
import { wordSettings } from "./word_settings.ts";

function flagsOf(...args: string[]): Flags {
  return readFlags("train", train.groups.flatMap(({ flags }) => flags), args);
}

/** What the flags ask for; a fault is worded as the terminal shows it. */
async function settingsOf(flags: Flags) {
  try {
    return await settingsOfFlags(flags);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(wordSettings(error.message));
  }
}

Deno.test("settingsOf() takes the report's settings by its recipe", async () => {
  const settings = await settingsOf(
    flagsOf("--data", "cells", "--recipe", "report"),
  );
  assertEquals(settings.data, resolve("cells"));
  assertEquals(settings.network, "vgg16_bn");
  assertEquals(settings.width, 1);
  assertEquals(settings.tile, 256);
  assertEquals(settings.epochs, 30);
  assertEquals(settings.batch, 16);
  assertEquals(settings.optimizer, "sgd");
  assertEquals(settings.learningRate, 0.4);
  assertEquals(settings.momentum, 0.9);
  assertEquals(settings.scheduler, "warm-restarts");
  assertEquals(settings.validation, 0.2);
  assertEquals(settings.augment, ["flips", "rotation", "elastic", "erasing"]);
  assertEquals([settings.loss, settings.weightDecay], ["bce", 0]);
});

Deno.test("settingsOf() lets flags change single settings of a recipe", async () => {
  const settings = await settingsOf(
    flagsOf("--data", "cells", "--optimizer", "sgd", "--batch", "4"),
  );
  assertEquals(settings.batch, 4);
  assertEquals([settings.optimizer, settings.learningRate], ["sgd", 0.4]);
  const standard = await settingsOf(flagsOf("--data", "cells"));
  assertEquals(settings.scheduler, standard.scheduler);
});

Deno.test("settingsOf() reads the names of changes in any order", async () => {
  const settings = await settingsOf(
    flagsOf("--augment", "gamma, flips", "--augment-strength", "0.5"),
  );
  assertEquals(settings.augment, ["flips", "gamma"]);
  assertEquals(settings.augmentStrength, 0.5);
  assertEquals((await settingsOf(flagsOf("--augment", "off"))).augment, []);
  for (const text of ["spin", "flips,", "on,off"]) {
    const { message } = await assertRejects(
      () => settingsOf(flagsOf("--augment", text)),
      UsageError,
    );
    assertMatch(
      message,
      /^Cannot use flag "--augment": found ".*", expected on/,
    );
  }
});

Deno.test("settingsOf() keeps which part of image files is read", async () => {
  const settings = await settingsOf(
    flagsOf("--data", "cells", "--channel", "DAPI", "--plane", "3"),
  );
  assertEquals([settings.channel, settings.plane], ["DAPI", 3]);
  assertEquals([settings.time, settings.level], [null, null]);
  const color = await settingsOf(
    flagsOf("--data", "cells", "--channel", "color"),
  );
  assertEquals(color.channel, null);
  await assertRejects(
    () => settingsOf(flagsOf("--channel", "DAPI")),
    UsageError,
    'Cannot use flag "--channel": found images that the program draws, expected those of --data',
  );
});

Deno.test("settingsOf() leaves width and tile to the device where images are drawn", async () => {
  const settings = await settingsOf(flagsOf());
  assertEquals(settings.data, null);
  assertEquals(settings.width, null);
  assertEquals(settings.tile, null);
  const given = await settingsOf(flagsOf("--width", "0.5", "--tile", "96"));
  assertEquals([given.width, given.tile], [0.5, 96]);
});

Deno.test("settingsOf() lowers the learning rate for Adam, unless one is given", async () => {
  for (const optimizer of ["adam", "adamw"]) {
    const flags = ["--data", "cells", "--optimizer", optimizer];
    assertEquals((await settingsOf(flagsOf(...flags))).learningRate, 0.001);
    assertEquals(
      (await settingsOf(flagsOf(...flags, "--lr", "0.4"))).learningRate,
      0.4,
    );
  }
});

Deno.test("settingsOf() takes the encoder without batch norm where batch norm is off", async () => {
  const off = await settingsOf(flagsOf("--batch-norm", "off"));
  assertEquals([off.network, off.batchNorm], ["vgg16", false]);
  const mixed = await settingsOf(
    flagsOf("--batch-norm", "off", "--network", "vgg16_bn"),
  );
  assertEquals([mixed.network, mixed.batchNorm], ["vgg16_bn", false]);
});

Deno.test("settingsOf() names a run by the time where --out is not given", async () => {
  const { out } = await settingsOf(flagsOf());
  assertMatch(out, /[/\\]runs[/\\]\d{4}-\d\d-\d\d-\d{4}-\d\d$/);
});

Deno.test("settingsOf() refuses shares that leave nothing to train on", async () => {
  assertEquals(
    (await assertRejects(
      () => settingsOf(flagsOf("--validation", "0.5", "--test", "0.5")),
      UsageError,
    )).message,
    'Cannot use flags "--validation and --test": found shares that sum to 1, ' +
      "expected below 1",
  );
});

Deno.test("settingsOf() refuses tiles that the network cannot halve five times", async () => {
  assertEquals(
    (await assertRejects(
      () => settingsOf(flagsOf("--tile", "100")),
      UsageError,
    )).message,
    'Cannot use flag "--tile": found 100, expected a multiple of 32',
  );
});

for (
  const [flag, value] of [
    ["--network", "vgg16"],
    ["--width", "1"],
    ["--batch-norm", "off"],
    ["--padding", "same"],
    ["--weights-input", "caffe"],
  ] as const
) {
  Deno.test(`settingsOf() refuses ${flag} beside --weights, which say it`, async () => {
    await assertRejects(
      () => settingsOf(flagsOf("--weights", "a.safetensors", flag, value)),
      UsageError,
      `Cannot use flag "${flag}": found --weights`,
    );
  });
}

Deno.test("settingsOf() takes the Paper's network with tiles that it gives", async () => {
  const settings = await settingsOf(
    flagsOf("--data", "x", "--network", "unet"),
  );
  assertEquals(
    [settings.network, settings.batchNorm, settings.padding, settings.tile],
    ["unet", false, "valid", 260],
  );
  const padded = await settingsOf(
    flagsOf("--network", "unet", "--padding", "same", "--batch-norm", "on"),
  );
  assertEquals([padded.batchNorm, padded.padding], [true, "same"]);
  for (
    const [flags, message] of [
      [
        ["--network", "unet", "--tile", "256"],
        '"--tile": found 256, expected 260, or another size that 16 divides with a rest of 4',
      ],
      [
        ["--network", "unet", "--batch-norm", "on"],
        "expected off, or --padding same",
      ],
      [
        ["--padding", "valid"],
        "found no padding with vgg16_bn, expected --network unet",
      ],
      [
        ["--weights", "imagenet", "--network", "unet"],
        "expected vgg16_bn, vgg16",
      ],
      [["--weights", "imagenet", "--width", "0.5"], "expected 1"],
      [["--weights", "a", "--weights-partial", "b"], "expected one of the two"],
      [
        ["--freeze-encoder", "--freeze-blocks", "3"],
        '"--freeze-blocks": found --freeze-encoder beside it, expected one of the two',
      ],
      [
        ["--network", "unet", "--freeze-blocks", "5"],
        '"--freeze-blocks": found 5, expected at most 4, the blocks of unet',
      ],
    ] as const
  ) {
    await assertRejects(
      () => settingsOf(flagsOf(...flags)),
      UsageError,
      message,
    );
  }
});

Deno.test("settingsOf() takes encoder and width from a file of another's weights", async () => {
  const path = fromFileUrl(
    new URL("../model/fixtures/version_2.safetensors", import.meta.url),
  );
  const settings = await settingsOf(flagsOf("--weights-partial", path));
  assertEquals([settings.network, settings.weightsPartial], ["vgg16_bn", true]);
  const own = await settingsOf(flagsOf("--weights", path));
  assertEquals([own.weights, own.weightsPartial], [path, false]);
  const published = await settingsOf(flagsOf("--weights", "nuclei"));
  const models = fromFileUrl(new URL("../models", import.meta.url));
  assertEquals(published.weights, join(models, "nuclei"));
  const imagenet = await settingsOf(flagsOf("--weights", "imagenet"));
  assertEquals([imagenet.weights, imagenet.width], ["imagenet", 1]);
});

Deno.test("settingsOf() freezes the encoder until --unfreeze-at", async () => {
  const settings = await settingsOf(flagsOf("--unfreeze-at", "3"));
  assertEquals([settings.freezeEncoder, settings.unfreezeAt], [true, 3]);
  const three = await settingsOf(
    flagsOf("--unfreeze-at", "3", "--freeze-blocks", "3"),
  );
  assertEquals([three.freezeEncoder, three.unfreezeAt], [3, 3]);
  const none = await settingsOf(flagsOf("--batch-norm", "frozen"));
  assertEquals([none.unfreezeAt, none.freezeBatchNorm, none.batchNorm], [
    null,
    true,
    true,
  ]);
});

Deno.test("settingsOf() keeps batch norm as it is in fine-tuning, unless it is on", async () => {
  const finetune = ["--recipe", "finetune", "--weights", "nuclei"];
  const usual = await settingsOf(flagsOf(...finetune));
  assertEquals([usual.batchNorm, usual.freezeBatchNorm], [true, true]);
  const on = await settingsOf(flagsOf(...finetune, "--batch-norm", "on"));
  assertEquals([on.batchNorm, on.freezeBatchNorm], [true, false]);
});

async function runOf(...args: string[]): Promise<string> {
  const out = join(await Deno.makeTempDir(), "run");
  const settings = await settingsOf(flagsOf("--out", "elsewhere", ...args));
  await createRun(
    out,
    { formatVersion: 1, settings },
    { train: ["a"], validation: ["b"], test: [] },
  );
  return out;
}

Deno.test("resumeSettings() continues by the run's own settings, wherever it lies now", async () => {
  const out = await runOf("--lr", "0.7", "--seed", "5", "--save-every", "9");
  const settings = await resumeSettings(flagsOf("--resume", out));
  assertEquals(settings.out, out);
  assert(settings.resume);
  assertEquals(settings.learningRate, 0.7);
  assertEquals(settings.seed, 5);
  assertEquals(settings.saveEvery, 9);
  assertEquals(settings.workers, 1);
});

Deno.test("resumeSettings() takes epochs, savings, workers and device anew", async () => {
  const out = await runOf("--epochs", "2", "--device", "cpu", "--workers", "3");
  const kept = await resumeSettings(flagsOf("--resume", out));
  assertEquals([kept.epochs, kept.device, kept.workers], [2, "cpu", 3]);
  const flags = [
    "--epochs=9",
    "--save-every=4",
    "--workers=0",
    "--device=wasm",
  ];
  const anew = await resumeSettings(flagsOf("--resume", out, ...flags));
  assertEquals(anew.epochs, 9);
  assertEquals(anew.saveEvery, 4);
  assertEquals(anew.workers, 0);
  assertEquals(anew.device, "wasm");
});

for (const flag of ["--lr=0.1", "--seed=0", "--data=x", "--nesterov"]) {
  Deno.test(`resumeSettings() refuses ${flag}, which would make it another run`, async () => {
    const out = await runOf();
    const { message } = await assertRejects(
      () => resumeSettings(flagsOf("--resume", out, flag)),
      UsageError,
    );
    assertEquals(
      message,
      `Cannot use flag "${flag.replace(/=.*/, "")}": found --resume, which ` +
        "continues with the run's own settings, expected only --resume, " +
        "--epochs, --patience, --save-every, --workers, --device, --offline",
    );
  });
}

Deno.test("resumeSettings() refuses a folder that is no run, and a file", async () => {
  const folder = await Deno.makeTempDir();
  const file = join(folder, "model.safetensors");
  await Deno.writeTextFile(file, "");
  for (const path of [folder, file, join(folder, "none")]) {
    const { message } = await assertRejects(
      () => resumeSettings(flagsOf("--resume", path)),
      TrainingError,
    );
    assertEquals(
      message,
      `Cannot open run "${path}": found no config.json, expected a folder ` +
        "that train made",
    );
  }
});

Deno.test("settingsOf() reads the modalities that are named, and no others", async () => {
  const some = flagsOf("--data", "cells", "--modality", "stained,fluorescence");
  assertEquals((await settingsOf(some)).modality, ["fluorescence", "stained"]);
  assertEquals((await settingsOf(flagsOf("--data", "cells"))).modality, null);
  assertEquals(
    (await assertRejects(
      () => settingsOf(flagsOf("--data", "cells", "--modality", "electron")),
      UsageError,
    )).message,
    'Cannot use flag "--modality": found "electron", expected some of ' +
      "fluorescence,stained,brightfield",
  );
});
