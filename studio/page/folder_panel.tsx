import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { ListedImage } from "../folder/image_list.ts";
import type { ImageState } from "../folder/image_states.ts";
import { FirstSteps, SampleOffer } from "./first_steps.tsx";
import { NextToCorrect } from "./next_to_correct.tsx";
import { Picture } from "./picture.tsx";
import { counts, filter, folder, listed, selected } from "./store.ts";
import { VirtualList } from "./virtual_list.tsx";
import { count, stateWords } from "./words.ts";

const states: readonly (ImageState | "all")[] = [
  "all",
  "none",
  "predicted",
  "corrected",
  "accepted",
];

/** The folder's images, with a filter by state. */
export function FolderPanel(): JSX.Element {
  const list = listed.value;
  return (
    <nav class="panel folder" aria-label="Images">
      <div class="filters" role="group" aria-label="Filter by state">
        {states.map((state) => (
          <button
            key={state}
            type="button"
            class={`filter ${state}`}
            aria-pressed={filter.value === state}
            onClick={() => filter.value = state}
          >
            {stateWords[state]}{" "}
            <span class="number">{counts.value[state]}</span>
          </button>
        ))}
      </div>
      <NextToCorrect />
      {list.length === 0 ? <Nothing /> : (
        <VirtualList
          items={list}
          height={72}
          label="Images of the folder"
          chosen={list.findIndex(({ name }) => name === selected.value)}
          keyOf={({ name }) => name}
          draw={(image) => <Row image={image} />}
          onChoose={({ name }) => selected.value = name}
        />
      )}
      <FirstSteps />
    </nav>
  );
}

function Nothing(): JSX.Element {
  if (counts.value.all === 0 && folder.value !== null) return <SampleOffer />;
  return (
    <p class="hint">
      {counts.value.all > 0
        ? "No image has this state."
        : "Reading the folder …"}
    </p>
  );
}

function Row({ image }: { readonly image: ListedImage }): JSX.Element {
  const { name, state, objects, region } = image;
  return (
    <>
      <Thumbnail name={name} />
      <span class={region ? "name region" : "name"} title={name}>{name}</span>
      <span class={`state ${state}`}>
        {stateWords[state]}
        {objects === undefined ? "" : `, ${count(objects, "object")}`}
      </span>
    </>
  );
}

/** Milliseconds that a row is in sight before its picture is asked for. */
const patience = 120;

/** A small picture; of rows that are only scrolled past, none is made. */
function Thumbnail({ name }: { readonly name: string }): JSX.Element {
  const [isAsked, setAsked] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(true), patience);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Picture
      path="/api/thumbnail"
      query={{ name }}
      side={56}
      isAsked={isAsked}
    />
  );
}
