import { basename } from "@std/path";
import type { RunFolder } from "@unet/train";
import { ownIdOf, sourcesOf } from "../settings/data_sources.ts";
import { rolesToUse } from "../settings/roles_to_use.ts";
import type { CardData, RolesFact } from "./model_card.ts";
import type { TrainingSession } from "./open_session.ts";

/**
 * What a run and its model's card say of the data.
 *
 * @param session What is trained on. A run that continues keeps what it noted
 * of its file of roles.
 */
export function cardDataOf(
  { cases, fingerprint, settings, split, roles, started }: Pick<
    TrainingSession,
    "cases" | "fingerprint" | "settings" | "split" | "roles" | "started"
  >,
): CardData {
  const sources = sourcesOf(settings.data);
  const countOf = (ids: readonly string[], name: string): number =>
    ids.filter((id) => ownIdOf(sources, id).source === name).length;
  const fact = roles
    ? {
      file: basename(roles.path),
      fingerprint: roles.fingerprint,
      ...rolesToUse(settings),
    }
    : notedRoles(started);
  return {
    ...{ images: cases.length, fingerprint },
    ...(sources.length > 1 && {
      sources: Object.fromEntries(sources.map(({ name }) => [name, {
        train: countOf(split.train, name),
        validation: countOf(split.validation, name),
      }])),
    }),
    ...(fact && { roles: fact }),
  };
}

function notedRoles(run: RunFolder | null): RolesFact | undefined {
  const dataset = run?.config.dataset as
    | { readonly roles?: RolesFact }
    | undefined;
  return dataset?.roles;
}
