/**
 * The benchmarks' entry: finds the benchmark, prints faults, exits.
 *
 * @module
 */
// deno-lint-ignore-file no-console
import { cannot, UnetError, UsageError } from "@unet/errors";

interface Benchmark {
  readonly summary: string;
  readonly run: (args: readonly string[]) => Promise<number>;
}

const benchmarks: Record<string, Benchmark> = {
  augment: {
    summary: "transform() beside Albumentations [--tiles N] [--json]",
    run: async (args) => {
      const { benchAugment } = await import("./augment.ts");
      await benchAugment(args);
      return 0;
    },
  },
  cards: {
    summary: "writes facts, data sets and scores into the published models'\n" +
      "cards [--model NAME]",
    run: async (args) => {
      const { writeCards } = await import("./write_cards.ts");
      await writeCards(args);
      return 0;
    },
  },
  cluster: {
    summary: "writes what training on clusters costs into docs/clusters.md\n" +
      "[--measure tiles,sums,steps --mpiexec PATH [--note TEXT]]\n" +
      "[--results FILE] [--page FILE] [--chart FILE]",
    run: async (args) => {
      const { benchCluster } = await import("./cluster.ts");
      await benchCluster(args);
      return 0;
    },
  },
  devices: {
    summary: "training and inference on every device beside PyTorch, " +
      "OpenVINO,\nONNX Runtime and TensorFlow\n" +
      "[--width 0.25,0.5,1] [--batch A,B] [--size PIXELS] [--device NAME]\n" +
      "[--precision float32|mixed|int8] [--mode train|infer] " +
      "[--recipe standard] [--loader live]\n" +
      "[--peers torch,torch-compile,tensorflow,openvino,onnxruntime|none]\n" +
      "[--steps N] [--rounds N] [--threads N] [--profile] [--json] " +
      "[--out FILE]",
    run: async (args) => {
      const { benchDevices } = await import("./devices.ts");
      return await benchDevices(args);
    },
  },
  finetune: {
    summary:
      "a model before and after train --recipe finetune on few images\n" +
      "--data [NAME=]DIR|ZIP … --roles FILE [--images 3,6,9] [--draws 3]\n" +
      "[--train-role finetune] [--score-role watched] [--model nuclei]\n" +
      "[--seed 0] [--device NAME] [--threads N] [--json]\n" +
      "[--out FILE [--resume]] [-- other flags of train]",
    run: async (args) => {
      const { benchFinetune } = await import("./finetune.ts");
      await benchFinetune(args);
      return 0;
    },
  },
  instances: {
    summary: "the instance step beside scikit-image [--width N] [--height N] " +
      "[--rows N] [--json]",
    run: async (args) => {
      const { benchInstances } = await import("./instances.ts");
      await benchInstances(args);
      return 0;
    },
  },
  mpi: {
    summary:
      "training on ranks of one machine beside one process, and PyTorch\n" +
      "--mpiexec PATH [--ranks 2] [--width 0.25,1] [--batch 16] [--size 256]\n" +
      "[--loss bce|bce+dice] [--device onednn] [--steps 4] [--rounds 3]\n" +
      "[--peers torch|none] [--json]",
    run: async (args) => {
      const { benchMpi } = await import("./mpi.ts");
      await benchMpi(args);
      return 0;
    },
  },
  nerve: {
    summary: "draws the class map of docs/class-maps.md\n" +
      "--image FILE [--model axons] [--out docs/class-maps/nerve.jpg]\n" +
      "[--device NAME]",
    run: async (args) => {
      const { drawNervePicture } = await import("./nerve_picture.ts");
      await drawNervePicture(args);
      return 0;
    },
  },
  peers: {
    summary: "makes the Python environment that the peers run in " +
      "[--tensorflow]",
    run: async (args) => {
      const { makePeers } = await import("./make_peers.ts");
      await makePeers(args);
      return 0;
    },
  },
  pictures: {
    summary: "draws successes and failures of a model into docs/models.md\n" +
      "--data [NAME=]DIR|ZIP … --roles FILE [--role validation]\n" +
      "[--model nuclei] [--page docs/models.md] [--device NAME]",
    run: async (args) => {
      const { drawModelPictures } = await import("./model_pictures.ts");
      await drawModelPictures(args);
      return 0;
    },
  },
  samplers: {
    summary: "samplers of hyperparameters beside Optuna's TPE\n" +
      "[--seeds 30] [--trials 100] [--tasks A,B] [--peers optuna|none]\n" +
      "[--json] [--out FILE]",
    run: async (args) => {
      const { benchSamplers } = await import("./samplers.ts");
      await benchSamplers(args);
      return 0;
    },
  },
  segment: {
    summary:
      "unet segment as people run it: a plate, a large image, a start\n" +
      "[--works plate,large,start] [--images 200] [--size 256] " +
      "[--large 4704x6240]\n[--model nuclei] [--device NAME] " +
      "[--precision float32|mixed|int8] [--rounds 3]\n" +
      "[--peers openvino|none] [--threads N] [--json] [--out FILE]",
    run: async (args) => {
      const { benchSegment } = await import("./segment.ts");
      await benchSegment(args);
      return 0;
    },
  },
  serve: {
    summary: "unet serve under a load: lost requests, times, memory\n" +
      "[--requests 1000] [--together 32] [--size 256] [--model nuclei]\n" +
      "[--device NAME] [--json] [--out FILE] [--note TEXT]",
    run: async (args) => {
      const { benchServe } = await import("./serve.ts");
      return await benchServe(args);
    },
  },
  slide: {
    summary: "draws the slide of docs/large-images.md\n" +
      "--slide FILE [--model nuclei] [--out docs/large-images/slide.jpg]\n" +
      "[--device NAME]",
    run: async (args) => {
      const { drawSlidePicture } = await import("./slide_picture.ts");
      await drawSlidePicture(args);
      return 0;
    },
  },
  studio: {
    summary:
      "the studio's page in a browser: painting, a slide, a long list, " +
      "a\nslider [--works paint,slide,list,slider] [--paint 4096]\n" +
      "[--slide 30000] [--images 10000] [--chromium /usr/bin/chromium]\n" +
      "[--json] [--out FILE] [--pictures DIR]",
    run: async (args) => {
      const { benchStudio } = await import("./studio.ts");
      await benchStudio(args);
      return 0;
    },
  },
  "study-page": {
    summary: "takes the picture of docs/tuning.md\n" +
      "[--browser chromium] [--out docs/tuning/page.png]",
    run: async (args) => {
      const { drawStudyPicture } = await import("./study_picture.ts");
      await drawStudyPicture(args);
      return 0;
    },
  },
  tiles: {
    summary: "a large image cut the report's way, ours and MONAI's\n" +
      "[--size 2048] [--width W] [--device NAME] [--precision float32|mixed]\n" +
      "[--window 1024] [--steps 2] [--flips] [--peers monai|none] [--json]",
    run: async (args) => {
      const { benchTiles } = await import("./tiles.ts");
      await benchTiles(args);
      return 0;
    },
  },
  web: {
    summary: "the page without a server beside ONNX Runtime in a browser\n" +
      "[--sizes 512,2048] [--rounds 5] [--peers onnxruntime|none]\n" +
      "[--chromium /usr/bin/chromium] [--json] [--out FILE] [--note TEXT]",
    run: async (args) => {
      const { benchWeb } = await import("./web.ts");
      return await benchWeb(args);
    },
  },
};

/**
 * Runs a benchmark.
 *
 * @param args Its name and flags; without a name, the list is printed.
 * @returns The exit code: 0 if all went well, 1 if some of it did, 2 if it
 * could not run.
 */
export async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === "--help" || rest.includes("--help")) {
    console.log("deno task bench NAME [flags]\n");
    for (const [name, { summary }] of Object.entries(benchmarks)) {
      console.log(
        `  ${name.padEnd(11)}${summary.replaceAll("\n", "\n             ")}`,
      );
    }
    return 0;
  }
  try {
    if (Object.hasOwn(benchmarks, name)) {
      return await benchmarks[name]!.run(rest);
    }
    throw new UsageError(
      cannot("run", "benchmark", name, {
        found: "no such benchmark",
        expected: Object.keys(benchmarks).join(", "),
      }),
    );
  } catch (error) {
    if (!(error instanceof UnetError)) throw error;
    console.error(error.message);
    return 2;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
