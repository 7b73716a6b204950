import { count } from "@unet/errors";
import type { EpochRow } from "@unet/train";
import { describeDevice } from "./describe_device.ts";
import { describeCollapse } from "./describe_collapse.ts";
import { Doubts } from "./doubts.ts";
import { exitCodeOf, interruptSignal } from "./interrupt.ts";
import {
  bar,
  describeDownload,
  describeSeconds,
  liveLine,
  printError,
  printLine,
} from "./terminal.ts";
import { provideDevice } from "./provide_device.ts";
import { trainRun } from "./train_run.ts";
import type { TrainSettings } from "./train_settings.ts";
import { programName } from "./program_name.ts";
import { shownPath, shownWord } from "./shown_path.ts";

/**
 * Trains by settings and prints how it goes: a live bar on a terminal, a
 * plain line an epoch everywhere.
 *
 * @param settings The settings.
 * @param options Whether nothing may be fetched, and whether the person wants
 * to know more about the device.
 * @returns The exit code.
 */
export async function reportTraining(
  settings: TrainSettings,
  { offline, verbose }: {
    readonly offline: boolean;
    readonly verbose: boolean;
  },
): Promise<number> {
  const live = liveLine();
  const doubts = new Doubts(printError);
  let isTraining = false;
  using interrupt = interruptSignal(() => {
    live.clear();
    printLine(
      isTraining
        ? "Interrupted: finishing the step, then saving"
        : "Interrupted before the first step",
    );
  });
  const name = shownWord(settings.out), program = programName();
  let epochs = settings.epochs, pace = 0, blind = 0;
  try {
    const state = await trainRun(settings, {
      signal: interrupt.signal,
      isOffline: offline,
      beforeDevice: () =>
        provideDevice(settings.device, { offline, signal: interrupt.signal }),
      onDevice: (device) => printLine(describeDevice(device, verbose)),
      onCached(done, all) {
        interrupt.signal.throwIfAborted();
        live.update(`Reading images ${bar(done / all)} ${done}/${all}`);
      },
      onUnlocked(warning) {
        live.clear();
        printError(warning);
      },
      onFault({ message }) {
        live.clear();
        printError(`Left out: ${message}`);
      },
      onWarning(fault) {
        live.clear();
        doubts.add(fault);
      },
      onWeights(lines) {
        live.clear();
        lines.forEach(printLine);
      },
      onDownload: (done, all) => live.update(describeDownload(done, all)),
      onStart({ settings, images, tiles, state }) {
        live.clear();
        doubts.end();
        isTraining = true;
        epochs = settings.epochs;
        printLine(
          `Data: ${count(images.train, "image")} to train on ` +
            `(${count(tiles.train, "tile")}), ${images.validation} to ` +
            `validate on (${count(tiles.validation, "tile")})`,
        );
        printLine(
          `Network: ${settings.network}, width ${settings.width}, ` +
            `${settings.boundaries ? "two outputs, " : ""}tiles of ` +
            `${settings.tile}×${settings.tile}; ` +
            `${count(settings.epochs, "epoch")}, batch ${settings.batch}, ` +
            `${settings.loss}, ${settings.optimizer} at up to ` +
            `${settings.learningRate}, ${settings.scheduler}`,
        );
        printLine(`Run: ${shownPath(settings.out)}`);
        if (state.step > 0) {
          printLine(
            `Going on after epoch ${state.epoch}, step ${state.step}`,
          );
        }
      },
      onStep({ epoch, batch, batches, loss, seconds }) {
        pace = pace === 0 ? seconds : 0.9 * pace + 0.1 * seconds;
        const steps = batches - batch + (epochs - epoch) * batches;
        live.update(
          `Epoch ${epoch}/${epochs} ${bar(batch / batches)} ` +
            `${batch}/${batches} loss ${loss.toFixed(4)} ` +
            `${(settings.batch / pace).toFixed(1)} tiles/s, ` +
            `${describeSeconds(steps * pace)} left`,
        );
      },
      onEpoch(row, isBest) {
        live.clear();
        printLine(describeEpoch(row, epochs, isBest));
        blind = row.f1 === 0 ? blind + 1 : 0;
        if (blind === 2 || blind === 1 && row.epoch === epochs) {
          printLine(describeCollapse(blind, settings));
        }
      },
    });
    live.clear();
    if (state.epoch < epochs) {
      printLine(
        `Stopped after epoch ${state.epoch}, step ${state.step}; go on with: ` +
          `${program} train --resume ${name}`,
      );
      return exitCodeOf(interrupt.signal);
    }
    printLine(
      `Best: epoch ${state.best!.epoch}, validation F1 ` +
        `${state.best!.f1.toFixed(4)}; segment with: ` +
        `${program} segment IMAGE --model ${name}`,
    );
    return 0;
  } finally {
    live.clear();
  }
}

function describeEpoch(row: EpochRow, epochs: number, isBest: boolean): string {
  return `Epoch ${row.epoch}/${epochs}  loss ${row.loss.toFixed(4)}  ` +
    `validation loss ${row.validationLoss.toFixed(4)}  ` +
    `F1 ${row.f1.toFixed(4)} (mean of images ${row.f1PerImage.toFixed(4)})  ` +
    `${
      row.borderF1 === undefined ? "" : `borders ${row.borderF1.toFixed(4)}  `
    }` +
    `lr ${row.learningRate.toPrecision(3)}  ` +
    `${describeSeconds(row.seconds)}${isBest ? "  best" : ""}`;
}
