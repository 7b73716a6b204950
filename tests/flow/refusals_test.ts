import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  floatValues,
  networkNames,
  parseSafetensors,
  publishedNames,
} from "@unet/model";
import { assertDone, createPlace, faultOf, type Place } from "./_unet.ts";

let place: Place;

const published = await publishedNames();

const tiny = [
  ...["--tile", "32", "--width", "0.02", "--epochs", "2", "--batch", "4"],
  ...["--device", "wasm", "--workers", "0"],
];

Deno.test.beforeAll(async () => {
  place = await createPlace();
  assertDone(
    await place.unet(["synth", "drawn", "--count", "5", "--size", "32"]),
  );
  assertDone(
    await place.unet(["train", "--data", "drawn", "--out", "run", ...tiny]),
  );
});

Deno.test.afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

const commands =
  "check, train, tune, segment, studio, serve, import, merge, evaluate, devices, summary, " +
  "calibrate, export, synth, lr-range, install";

for (
  const [line, message] of [
    [
      "paint",
      `Cannot run command "paint": found no such command, expected ${commands}`,
    ],
    [
      "help paint",
      `Cannot run command "paint": found no such command, expected ${commands}`,
    ],
    [
      "predict drawn",
      'Cannot run command "predict": found no such command, expected segment; unet --help lists all commands',
    ],
    [
      "help trian",
      'Cannot run command "trian": found no such command, expected train; unet --help lists all commands',
    ],
    [
      "drawn",
      /^Cannot run command "drawn": found no such command, expected check, train, /,
    ],
    [
      "--epochs=3 train",
      'Cannot use flag "--epochs": found a flag before the command, expected unet COMMAND and then its flags; unet --help lists all commands',
    ],
    [
      "--verison",
      'Cannot use flag "--verison": found a flag before the command, expected --version; unet --help lists all commands',
    ],
    [
      "segment drawn --output masks",
      'Cannot use flag "--output": found no such flag of segment; did you mean --out?',
    ],
    [
      "segment --input drawn",
      'Cannot use flag "--input": found no such flag of segment; files are named without a flag',
    ],
    [
      "synth drawn --out there",
      'Cannot use flag "--out": found no such flag of synth; see unet synth --help',
    ],
    [
      "train --lr-max 0.1",
      'Cannot use flag "--lr-max": found no such flag of train; did you mean --lr?',
    ],
    [
      "train --epoch 3",
      'Cannot use flag "--epoch": found no such flag of train; did you mean --epochs?',
    ],
    [
      "train --epochs many",
      'Cannot use flag "--epochs": found "many", expected a whole number from 1',
    ],
    [
      "train --epochs",
      'Cannot use flag "--epochs": found no value, expected a whole number from 1',
    ],
    [
      "train --lr 1 --lr 2",
      'Cannot use flag "--lr": found it 2 times, expected once',
    ],
    [
      "train --tile 100",
      'Cannot use flag "--tile": found 100, expected a multiple of 32',
    ],
    [
      "train --network resnet",
      'Cannot use flag "--network": found "resnet", expected ' +
      networkNames.join(", "),
    ],
    [
      "train --model vgg16",
      'Cannot use flag "--model": found no such flag of train; an architecture is --network vgg16, a trained model to start from is --weights vgg16',
    ],
    [
      "summary --model vgg16",
      'Cannot load model "vgg16": found the name of an architecture, expected a trained model; an architecture is --network vgg16, in training',
    ],
    [
      "summary run --width 0.5",
      'Cannot use flag "--width": found model run, which has its own network, expected one of the two',
    ],
    [
      "export run --model run --format pth",
      'Cannot use flag "--model": found run beside it, expected one model',
    ],
    [
      "export --format pth",
      'Cannot run command "export": expected --model RUN|FILE|NAME; see unet export --help',
    ],
    [
      "lr-range --model=unet",
      'Cannot use flag "--model": found no such flag of lr-range; an architecture is --network unet, a trained model to start from is --weights unet',
    ],
    [
      "train drawn",
      'Cannot run command "train": found arguments drawn, expected --data drawn; see unet train --help',
    ],
    [
      "devices onednn",
      'Cannot run command "devices": found arguments onednn, expected flags alone; see unet devices --help',
    ],
    [
      "train --no-augment",
      'Cannot use flag "--no-augment": found no such flag of train; did you mean --augment off?',
    ],
    [
      "segment drawn --tile 256",
      'Cannot use flag "--tile": found no such flag of segment; did you mean --window?',
    ],
    [
      "check",
      'Cannot run command "check": found no arguments, expected DATA... [flags]; see unet check --help',
    ],
    [
      "check none",
      'Cannot open dataset "none": found no such file or folder, expected a folder or a zip',
    ],
    [
      "segment drawn",
      'Cannot run command "segment": expected --model RUN|FILE|NAME; see unet segment --help',
    ],
    [
      "segment drawn --model none",
      'Cannot load model "none": found no such file or folder, expected a run folder, a model folder, a model.safetensors, or the name of a published model; published models: ' +
      published.join(", "),
    ],
    [
      "segment drawn --model drawn",
      'Cannot load model "drawn": found no model in it, expected a run folder, a model folder or a model.safetensors',
    ],
    [
      "segment none --model run",
      'Cannot read input "none": found no such file or folder',
    ],
    [
      "merge",
      'Cannot run command "merge": found no arguments, expected DIR... [flags]; see unet merge --help',
    ],
    [
      "merge none",
      'Cannot merge folder "none": found no manifest in it, expected an output folder of unet segment',
    ],
    [
      "segment none/*.png --model run",
      'Cannot read input "none": found no such file or folder',
    ],
    [
      "segment drawn/*.lsm --model run",
      /^Cannot segment pattern "drawn\/\*\.lsm": found no file that matches, expected files ending in \.png, /,
    ],
    [
      "evaluate --model run",
      'Cannot run command "evaluate": expected --data DIR|ZIP; see unet evaluate --help',
    ],
    [
      "evaluate --data drawn --model run/best --part validation",
      'Cannot open run "run/best": found no config.json, expected a folder that train made',
    ],
    [
      "evaluate --data drawn --model run/best/model.safetensors --part validation",
      'Cannot open run "run/best/model.safetensors": found no config.json, expected a folder that train made',
    ],
    [
      "evaluate --data drawn --model run --part test",
      'Cannot evaluate part "test": found 0 images of it in the data, expected at least one; name the data that the run was trained on',
    ],
    [
      "evaluate --data drawn --model run --part test --find-threshold",
      'Cannot use flag "--find-threshold": found --part test, on which nothing is chosen, expected --part validation',
    ],
    [
      "export run --format pth --threshold 0.4",
      'Cannot use flag "--threshold": found --format pth, expected safetensors or onnx of the whole network, which have a card',
    ],
    [
      "export run --format onnx --dtype bf16",
      'Cannot use flag "--dtype bf16": found --format onnx, expected f32 or f16',
    ],
    [
      "export run --format onnx --dtype int8",
      'Cannot use flag "--dtype int8": found --format onnx, expected f32 or f16',
    ],
    [
      "export run --format pth --dtype int8",
      'Cannot use flag "--dtype int8": found --format pth, expected f32, f16 or bf16',
    ],
    [
      "export run --format safetensors --dtype int8 --part encoder",
      'Cannot use flag "--dtype int8": found --part encoder, expected f32, f16 or bf16: this program alone multiplies kernels by their scales',
    ],
    [
      "export run --format pth --sizes fitting",
      'Cannot use flag "--sizes": found --format pth, expected onnx',
    ],
    [
      "export run --format safetensors --stretch outside",
      'Cannot use flag "--stretch": found --format safetensors, expected onnx',
    ],
    [
      "summary --size 100",
      'Cannot use flag "--size": found 100, expected multiples of 32',
    ],
    [
      "synth run",
      'Cannot write dataset "run": found a folder with files in it, expected an empty one, or none; name another, or remove it',
    ],
    [
      "train --data drawn --device abacus",
      /^Cannot open device "abacus": found /,
    ],
    [
      "train --data drawn --weights none",
      /^Cannot load model ".*none": found no such file or folder/,
    ],
    [
      "train --resume drawn",
      /^Cannot open run ".*drawn": found no config\.json, expected a folder that train made$/,
    ],
    [
      "train --resume none",
      /^Cannot open run ".*none": found no config\.json/,
    ],
    [
      "train --resume run --lr 0.1",
      'Cannot use flag "--lr": found --resume, which continues with the run\'s own settings, expected only --resume, --epochs, --patience, --save-every, --workers, --device, --offline',
    ],
    [
      "train --resume run --data drawn",
      /^Cannot use flag "--data": found --resume, /,
    ],
    [
      "train --data drawn --out run --device wasm",
      /^Cannot start run ".*run": found a run there already, expected a new folder; continue it with --resume .*run, or choose another --out$/,
    ],
    [
      "train --config none.json",
      'Cannot read configuration "none.json": found no such file or folder',
    ],
  ] as [string, string | RegExp][]
) {
  Deno.test(`unet ${line} ends with one line that says what is wrong`, async () => {
    const ended = await place.unet(line.split(" "));
    const fault = faultOf(ended);
    assertEquals(ended.stderr, fault + "\n");
    if (typeof message === "string") assertEquals(fault, message);
    else assertMatch(fault, message);
  });
}

Deno.test("a training that cannot start leaves no run behind", async () => {
  for (
    const flags of [
      ["--weights", "none"],
      ["--validation", "0.9", "--data", "none"],
      ["--device", "abacus"],
    ]
  ) {
    faultOf(
      await place.unet(["train", "--data=drawn", "--out=never", ...flags]
        .filter((word) =>
          !flags.includes("--data") || word !== "--data=drawn"
        )),
    );
  }
  assert(
    ![...Deno.readDirSync(place.path)].some(({ name }) => name === "never"),
  );
});

Deno.test("train takes flags of a file, and refuses what it does not know in it", async () => {
  const write = (name: string, content: string): Promise<void> =>
    Deno.writeTextFile(place.at(name), content);
  await write(
    "good.json",
    JSON.stringify({
      ...{ data: "drawn", tile: 32, width: 0.02, epochs: 3, batch: 4 },
      ...{ device: "wasm", workers: 0, nesterov: true, out: "by-file" },
    }),
  );
  assertDone(
    await place.unet(["train", "--config", "good.json", "--epochs", "1"]),
  );
  const { settings } = JSON.parse(
    Deno.readTextFileSync(place.at("by-file/config.json")),
  );
  assertEquals([settings.epochs, settings.nesterov], [1, true]);
  for (
    const [text, found] of [
      ['{"epoch": 3}', 'found "epoch", expected flags that train takes'],
      ['{"epochs": [3]}', 'found "epochs" with [3], expected a number'],
      ["[3]", "found no object"],
      ["epochs = 3", "found text that is not JSON"],
      ["", "found text that is not JSON"],
    ] as const
  ) {
    await write("bad.json", text);
    const fault = faultOf(await place.unet(["train", "--config", "bad.json"]));
    assert(
      fault.startsWith(`Cannot use configuration "bad.json": ${found}`),
      fault,
    );
  }
});

Deno.test("train --resume refuses data that has changed", async () => {
  assertDone(
    await place.unet(["synth", "changing", "--count", "5", "--size", "32"]),
  );
  assertDone(
    await place.unet([
      ...["train", "--data", "changing", "--out", "on-changing", ...tiny],
    ]),
  );
  const [first] = [...Deno.readDirSync(place.at("changing"))]
    .map(({ name }) => name).sort();
  await Deno.remove(place.at("changing", first!), { recursive: true });
  const fault = faultOf(
    await place.unet(["train", "--resume", "on-changing", "--epochs", "3"]),
  );
  assertMatch(
    fault,
    /^Cannot resume run ".*on-changing": found data that has changed \(fingerprint [0-9a-f]{16}\), expected that of the run's start \([0-9a-f]{16}\)$/,
  );
});

Deno.test("evaluate refuses a part of other images than the run was trained on", async () => {
  assertDone(
    await place.unet([
      ...["synth", "others", "--count", "3", "--size", "32", "--seed", "9"],
    ]),
  );
  const fault = faultOf(
    await place.unet([
      ...["evaluate", "--model", "run", "--data", "others"],
      ...["--part", "train"],
    ]),
  );
  assertMatch(
    fault,
    /^Cannot evaluate part "train": found \d images of it in the data, expected 4; /,
  );
});

Deno.test("a training that diverges says where, and keeps the last good checkpoint", async () => {
  const settings = [
    ...["train", "--data", "drawn", "--out", "diverging", "--tile", "32"],
    ...["--width", "0.02", "--epochs", "40", "--batch", "2", "--workers", "0"],
    ...["--device", "wasm", "--save-every", "1", "--optimizer", "sgd"],
    ...["--batch-norm", "off", "--lr", "1e20", "--scheduler", "constant"],
  ];
  const fault = faultOf(await place.unet(settings));
  assertMatch(
    fault,
    /^Cannot train network "diverging": found (loss (NaN|-?Infinity)|validation loss (NaN|-?Infinity)|weights that are not finite) in epoch \d+, step \d+, at learning rate 100000000000000000000, expected finite numbers; train again with --lr 0\.4 or --batch-norm on and another --out; /,
  );
  const path = place.at("diverging/last/model.safetensors");
  const { tensors } = parseSafetensors(await Deno.readFile(path), path);
  for (const [name, view] of tensors) {
    assert(floatValues(view).every(Number.isFinite), name);
  }
});
