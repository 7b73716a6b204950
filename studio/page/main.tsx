import { effect } from "@preact/signals";
import { type JSX, render } from "preact";
import { DisplayPanel } from "./display_panel.tsx";
import { FolderPanel } from "./folder_panel.tsx";
import { KeyHelp, useKeys } from "./keys.tsx";
import { ScaleBar } from "./scale_bar.tsx";
import { StatusBar } from "./status_bar.tsx";
import {
  choice,
  contrast,
  counts,
  fault,
  folder,
  isHelpShown,
  loadFolder,
  loadShown,
  orShowFault,
  selected,
} from "./store.ts";
import { Viewer } from "./viewer.tsx";
import { count } from "./words.ts";

function Page(): JSX.Element {
  useKeys();
  return (
    <>
      <header>
        <h1>{folder.value?.name ?? "Studio"}</h1>
        <span class="number">{count(counts.value.all, "image")}</span>
        <span class="space" />
        <button type="button" onClick={() => orShowFault(loadFolder())}>
          Reload
        </button>
        <button
          type="button"
          aria-label="Keys"
          onClick={() => isHelpShown.value = true}
        >
          ?
        </button>
      </header>
      {fault.value !== null && <Fault message={fault.value} />}
      <FolderPanel />
      <main>
        <Viewer />
        <ScaleBar />
      </main>
      <aside class="panel tools" aria-label="Tools">
        <DisplayPanel />
      </aside>
      <StatusBar />
      <KeyHelp />
    </>
  );
}

function Fault({ message }: { readonly message: string }): JSX.Element {
  return (
    <div class="fault" role="alert">
      <span>{message}</span>
      <button type="button" onClick={() => fault.value = null}>Close</button>
    </div>
  );
}

effect(() => {
  // Another image has another range of values, and other planes.
  const name = selected.value;
  contrast.value = null;
  choice.value = {};
  fault.value = null;
  if (name !== null) orShowFault(loadShown());
});
render(<Page />, document.getElementById("studio")!);
orShowFault(loadFolder());
