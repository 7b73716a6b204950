import {
  type CachedCase,
  type DataLoader,
  type Diameters,
  shownDiameters,
  type Split,
  withDiameters,
} from "@unet/data";
import { type Device, openDevice } from "@unet/device";
import { cannot, UsageError } from "@unet/errors";
import { fitOutputSize, type Model } from "@unet/model";
import {
  openRun,
  type Optimizer,
  type RunFolder,
  singleProcess,
} from "@unet/train";
import type { TrainSettings } from "../settings/train_settings.ts";
import { suitImages } from "../settings/hold_out.ts";
import { readRoles, type Roles } from "../sources/read_roles.ts";
import { rolesToUse } from "../settings/roles_to_use.ts";
import { splitByRoles } from "../sources/split_by_roles.ts";
import { withoutCopies } from "../sources/without_copies.ts";
import { joinDiameters } from "./card_of_origin.ts";
import { buildModel, suitDevice } from "./build_model.ts";
import { checkRanks } from "./check_ranks.ts";
import { afterFirst, fromFirst } from "./on_ranks.ts";
import { openStartedRun } from "./open_started_run.ts";
import type { SessionEvents } from "./session_events.ts";
import { settingsOfModel } from "./settings_of_model.ts";
import { splitOf } from "./split_of.ts";
import type { CardOrigin } from "./model_card.ts";
import { createLoaders, fingerprintOf, prepareCases } from "./training_data.ts";
import { tileSharesOf } from "./tile_shares_of.ts";
import { optimizerOf } from "./training_parts.ts";
import { withChannelNames } from "./with_channel_names.ts";

/** The open parts of a training with given settings, until it is disposed. */
export interface TrainingSession extends AsyncDisposable {
  /** What computes. */
  readonly device: Device;
  /** The settings with what device and model decide. */
  readonly settings: TrainSettings;
  /** The images, in the cache. */
  readonly cases: readonly CachedCase[];
  /** Changes with the content of any image. */
  readonly fingerprint: string;
  /** The run that is continued; null for a new one. */
  readonly started: RunFolder | null;
  /** Which images train, and which validate. */
  readonly split: Split;
  /** What its card says besides settings and data. */
  readonly origin: CardOrigin;
  /** What decided the split of a new run; null where it was drawn. */
  readonly roles: Roles | null;
  /** Batches of both. */
  readonly loaders: {
    readonly train: DataLoader;
    readonly validation: DataLoader;
  };
  /** The network that training starts or continues with. */
  readonly model: Model;
  /** The optimizer, fresh. */
  readonly optimizer: Optimizer;
}

/**
 * Opens what training by settings needs: the device, the images and their
 * split, the network, the loaders and the optimizer. Writes nothing but the
 * cache.
 *
 * @param settings Every setting.
 * @param events What is reported, and what ends it.
 * @throws {UnetError} If something cannot be opened, or does not go together.
 */
export async function openSession(
  settings: TrainSettings,
  events: SessionEvents,
): Promise<TrainingSession> {
  await using stack = new AsyncDisposableStack();
  const { communicator = singleProcess } = events;
  const device = await openSameDevice(settings, events);
  stack.defer(() => device.close());
  events.onDevice?.(device);
  const named = settings.resume
    ? settings
    : await withChannelNames(settings, events.onNote);
  const sized = await fromFirst(communicator, suitDevice(named, device));
  const roles = settings.resume || settings.roles === null
    ? null
    : await readRoles(settings.roles);
  const choice = {
    ...(roles && {
      roles: { of: roles, wanted: wantedRoles(settings) },
    }),
    // The file of roles may have changed: the split is what was recorded.
    ...(settings.resume && settings.roles !== null && {
      ids: idsOf((await openRun(settings.out)).split),
    }),
  };
  const prepared = await afterFirst(
    communicator,
    () => prepareCases(sized, events, choice),
  );
  const used = roles
    ? withoutCopies(
      prepared,
      splitByRoles(sized, roles, prepared),
      events.onNote,
    )
    : prepared;
  const suited = suitImages(sized, used.length);
  const fingerprint = await fingerprintOf(used);
  const started = settings.resume
    ? await openStartedRun(settings.out, fingerprint, used)
    : null;
  const split = started?.split ?? splitOf(suited, used, roles);
  const trained = new Set(split.train);
  const cases = used.map((one) =>
    trained.has(one.id) ? withDiameters([one])[0]! : one
  );
  const { model, startsFrom, origin } = await afterFirst(
    communicator,
    () => buildModel(suited, events),
  );
  stack.defer(() => model.dispose());
  checkTile(model, suited);
  const resolved = settingsOfModel(suited, model);
  await checkRanks(communicator, {
    ...{ fingerprint, split, settings: resolved, device: device.name },
  });
  const loaders = createLoaders(resolved, split, cases, communicator);
  const diameters = joinDiameters(
    diametersOf(resolved, split, cases),
    origin.diameters,
  );
  stack.defer(() => loaders.train.close());
  stack.defer(() => loaders.validation.close());
  const optimizer = optimizerOf(resolved);
  stack.defer(() => optimizer.dispose());
  const opened = stack.move();
  return {
    ...{ device, settings: resolved, cases, fingerprint, started, split },
    ...{ roles, loaders, model, optimizer },
    origin: {
      ...{ ...origin, startsFrom, diameters },
      license: resolved.license ?? origin.license ?? null,
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

/** Opens the device: on all ranks the one that rank 0 opened. */
async function openSameDevice(
  { device: wanted, precision }: TrainSettings,
  { communicator = singleProcess, ...events }: SessionEvents,
): Promise<Device> {
  const open = async (name: string): Promise<Device> => {
    await events.beforeDevice?.();
    return await openDevice(name, { precision });
  };
  const first = communicator.rank === 0 ? await open(wanted) : null;
  const name = await fromFirst(communicator, first?.name ?? "");
  return first ?? await open(name);
}

/** The sizes of the objects in the tiles to train on. */
function diametersOf(
  settings: TrainSettings,
  { train }: Split,
  cases: readonly CachedCase[],
): Diameters | undefined {
  const ids = new Set(train), own = cases.filter(({ id }) => ids.has(id));
  const { tile, scales } = settings;
  return shownDiameters(own, {
    size: tile!,
    ...(scales && { scales }),
    ...tileSharesOf(settings, own),
  });
}

/** The roles of the images that are read. */
function wantedRoles(settings: TrainSettings): string[] {
  const { train, validation } = rolesToUse(settings);
  return validation === null ? [train] : [train, validation];
}

/** All images of a split. */
function idsOf({ train, validation, test }: Split): ReadonlySet<string> {
  return new Set([...train, ...validation, ...test]);
}

/** A model that was saved may take other tiles than the settings were for. */
function checkTile({ plan }: Model, { tile }: TrainSettings): void {
  const fit = fitOutputSize(plan, tile!);
  if (fit === tile) return;
  throw new UsageError(
    cannot("use", "setting", "tile", {
      found: `${tile}, which the network of \`weights\` does not give`,
      expected: String(fit),
    }),
  );
}
