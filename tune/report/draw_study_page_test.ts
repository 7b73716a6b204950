import {
  assert,
  assertEquals,
  assertLess,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import fc from "fast-check";
import type { Distribution } from "../distribution.ts";
import { drawStudyPage } from "./draw_study_page.ts";
import { anyStudy } from "./fixtures/any_study.ts";
import { optunaStudies } from "./fixtures/optuna_studies.ts";
import { studyOf, trialOf } from "./fixtures/studies.ts";

const rate: Distribution = {
  ...{ kind: "float", low: 1e-4, high: 1, log: true, step: null },
};
const loss: Distribution = {
  ...{ kind: "categorical", choices: ["bce", "dice"] },
};

const started = new Date("2026-01-02T03:04:05Z");
const study = studyOf(
  Array.from({ length: 12 }, (_, number) =>
    trialOf(number, {
      ...number === 4
        ? { state: "pruned", intermediateValues: new Map([[1, 0.1], [2, 0.2]]) }
        : number === 5
        ? { state: "failed" }
        : {
          values: [0.5 + 0.03 * number - (number === 11 ? 0.3 : 0)],
          intermediateValues: new Map([[1, 0.3], [2, NaN], [3, 0.5]]),
        },
      params: { rate: 10 ** -(number % 5), loss: number % 2 ? "bce" : "dice" },
      distributions: { rate, loss },
      userAttributes: { run: `trials/${number}` },
      ...{ started, completed: new Date(started.getTime() + 60_000) },
    })),
  { systemAttributes: { "study:metric_names": ["F1"] } },
);

const sectionsOf = (page: string) =>
  [...page.matchAll(/<h2[^>]*>(.*?)<\/h2>/g)].map(([, text]) => text);

/** The picture with that id, from its start to its end. */
function pictureOf(page: string, id: string): string {
  const at = page.indexOf(`aria-describedby="${id}-description"`);
  assert(at > 0, id);
  return page.slice(page.lastIndexOf("<svg", at), page.indexOf("</svg>", at));
}

/** The cells' texts, row by row. */
function cellsOf(page: string): string[][] {
  return [...page.matchAll(/<tr[^>]*>(.*?)<\/tr>/g)].map(([, row]) =>
    [...row!.matchAll(/<t[dh][^>]*>(.*?)<\/t[dh]>/g)].map(([, cell]) =>
      cell!.replace(/<[^>]*>/g, "")
    )
  );
}

/** Makes sure that all elements are closed in order and ids are used once. */
function assertWellFormed(page: string): void {
  const open: string[] = [];
  const body = page.replace(/<style>[^<]*<\/style>/, "");
  assertMatch(body, /^<!DOCTYPE html>\n/);
  for (const part of body.slice(15).split(/(?=<)/)) {
    if (part[0] !== "<") {
      assertEquals(part.trim(), "");
      continue;
    }
    const tag = /^<(\/?)([a-z0-9]+)((?: [a-zA-Z-]+="[^"<>]*")*)>([^<>]*)$/
      .exec(part);
    assert(tag, part);
    const [, close, name, , text] = tag;
    assertMatch(text!, /^([^&]|&(amp|lt|gt|quot|#39);)*$/);
    if (close) assertEquals(open.pop(), name);
    else if (name !== "meta" && name !== "br") open.push(name!);
  }
  assertEquals(open, []);
  const ids = [...body.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id!);
  assertEquals(ids.length, new Set(ids).size);
  for (const [, name] of body.matchAll(/ aria-describedby="([^"]*)"/g)) {
    assert(ids.includes(name!), name);
  }
  for (const [svg] of body.matchAll(/<svg[^>]*>/g)) {
    assertMatch(svg, / role="img".* aria-label="[^"]+" aria-describedby=/);
  }
}

Deno.test("drawStudyPage() shows the best trial, all charts and the table", () => {
  const page = drawStudyPage(study);
  assertWellFormed(page);
  assertEquals(sectionsOf(page), [
    "Best: trial 10",
    "History",
    "Parallel coordinates",
    "Importance of the parameters",
    "Value against each parameter",
    "Values on the way",
    "Trials",
  ]);
  assertStringIncludes(page, '<data value="0.8">0.8</data>');
  assertStringIncludes(page, "<dt>loss</dt><dd>dice</dd>");
  assertStringIncludes(page, "F1, higher is better");
});

Deno.test("drawStudyPage() marks each trial in the history by its state", () => {
  const history = pictureOf(drawStudyPage(study), "history-0");
  const titles = [...history.matchAll(/<title>(Trial [^<]*)<\/title>/g)]
    .map(([, title]) => title!);
  // The best one has a ring besides.
  assertEquals(titles.length, 12 + 1);
  assert(titles.includes("Trial 4, pruned: 0.2"));
  assert(titles.includes("Trial 5, failed"));
  assertStringIncludes(
    history,
    "10 complete trials. The best F1 went from 0.5 at trial 0 to 0.8 at trial 10.",
  );
});

Deno.test("drawStudyPage() draws the line of the best so far in steps that never get worse", () => {
  const history = pictureOf(drawStudyPage(study), "history-0");
  const [, path] = /<path class="best-line" d="(M[^"]*H[^"]*V[^"]*)"/
    .exec(history)!;
  const heights = [...path!.matchAll(/(?:M[\d.]+ |V)([\d.]+)/g)]
    .map(([, height]) => Number(height));
  assertEquals(heights.length, 9);
  assertEquals(heights, heights.toSorted((a, b) => b - a));
});

Deno.test("drawStudyPage() puts factors of a logarithmic parameter at even distances", () => {
  const page = drawStudyPage(study);
  const slice = ["slice-0", "slice-1"].map((id) => pictureOf(page, id))
    .find((slice) => slice.includes("F1 against rate"))!;
  const places = ["1e-3", "0.01", "0.1", "1"].map((value) => {
    const found = new RegExp(
      `d="M([\\d.]+) [\\d.]+h0"><title>Trial \\d+: ${
        value.replace("1e-3", "0\\.001").replace("0.", "0\\.?")
      } →`,
    ).exec(slice);
    return Number(found![1]);
  });
  const steps = places.slice(1).map((place, i) => place - places[i]!);
  for (const step of steps) assert(Math.abs(step - steps[0]!) < 0.5);
});

Deno.test("drawStudyPage() breaks a curve where a step is NaN", () => {
  const curves = pictureOf(drawStudyPage(study), "curves");
  const [, path] = /class="best-line" d="(M[\d.]+ [\d.]+M[^"]*)"/.exec(curves)!;
  assertEquals(path!.match(/[ML]/g), ["M", "M"]);
  assertStringIncludes(curves, "Trial 4, pruned after step 2");
});

Deno.test("drawStudyPage() shows the lone value of a parameter that few trials have", () => {
  const trials = Array.from({ length: 6 }, (_, number) =>
    trialOf(number, {
      values: [number],
      params: { a: number / 6, ...number % 2 ? { b: 0.1 } : { c: 0.01 } },
      distributions: { a: rate, ...number % 2 ? { b: rate } : { c: rate } },
    }));
  const page = drawStudyPage(studyOf(trials));
  const paths = [
    ...pictureOf(page, "parallel").matchAll(
      /class="[^"]*" d="([^"]*)"><title>/g,
    ),
  ].map(([, path]) => path!.match(/[MLh]/g)!.join(""));
  // Value and `a`, then `c` alone; or all of value, `a` and `b`.
  assertEquals(paths.sort(), ["MLL", "MLL", "MLL", "MLMh", "MLMh", "MLMh"]);
  assertStringIncludes(page, "A line breaks where a trial does not have");
  assertStringIncludes(page, "with the same bounds: ");
});

Deno.test("drawStudyPage() lists all trials with links to their runs", () => {
  const page = drawStudyPage(study);
  const cells = cellsOf(page);
  assertEquals(cells.length, 13);
  assertEquals([...cells[0]!].sort(), [
    ...["F1", "Run", "State", "Time", "Trial", "loss", "rate"],
  ]);
  assertEquals(cells[11]!.slice(0, 3), ["10", "complete ★", "0.8"]);
  assertEquals(cells[5]!.slice(0, 3), ["4", "pruned", "0.2"]);
  assertEquals(cells[6]!.slice(0, 3), ["5", "failed", ""]);
  assertStringIncludes(page, "trial, the value it reported last");
  assertEquals(cells[5]!.slice(-2), ["1 min", "trials/4"]);
  assertStringIncludes(page, '<a href="./trials/4">trials/4</a>');
});

Deno.test("drawStudyPage() links runs as the caller says, absolute paths not on its own", () => {
  const trials = ["/data/run 1", "b/../c?d#e", "javascript:alert(1)", 7]
    .map((run, i) => trialOf(i, { userAttributes: { run } }));
  const linksOf = (page: string) =>
    [...page.matchAll(/<a href="(.*?)">/g)].map(([, link]) => link);
  assertEquals(linksOf(drawStudyPage(studyOf(trials))), [
    "./b/../c%3Fd%23e",
    "./javascript%3Aalert(1)",
  ]);
  const pathOf = (run: string) =>
    run.startsWith("/data/") ? `../${run.slice(6)}` : undefined;
  assertEquals(linksOf(drawStudyPage(studyOf(trials), { pathOf })), [
    "./../run%201",
  ]);
});

Deno.test("drawStudyPage() shows hostile names and attributes as text", () => {
  const evil =
    `</title></style></svg><script>alert(1)</script><img src=x onerror="a">'&\u0000\n\u202e`;
  const page = drawStudyPage(studyOf(
    [0, 1, 2].map((number) =>
      trialOf(number, {
        values: [number],
        params: { [evil]: number === 1 ? evil : "b", __proto__x: number },
        distributions: {
          [evil]: { kind: "categorical", choices: [evil, "b"] },
          __proto__x: rate,
        },
        intermediateValues: new Map([[1, 2]]),
        userAttributes: { run: `javascript:${evil}` },
      })
    ),
    {
      name: evil,
      userAttributes: { [evil]: evil, object: { [evil]: [evil] } },
      systemAttributes: { "study:metric_names": [evil] },
    },
  ));
  assertWellFormed(page);
  assertEquals(page.match(/<script|<img|\u202e|\0/g), null);
  assertEquals(page.match(/<style>/g)?.length, 1);
  assertStringIncludes(page, "&lt;script&gt;alert(1)&lt;/script&gt;");
});

Deno.test("drawStudyPage() takes its title from the caller or the study", () => {
  assertStringIncludes(drawStudyPage(study), "<title>nuclei</title>");
  const page = drawStudyPage(study, { title: "a & b" });
  assertStringIncludes(page, "<h1>a &amp; b</h1>");
});

Deno.test("drawStudyPage() loads nothing from elsewhere and runs nothing", () => {
  const page = drawStudyPage(study);
  assertStringIncludes(
    page,
    `content="default-src 'none'; style-src 'unsafe-inline'"`,
  );
  assertEquals(
    page.match(/https?:|<link|<iframe|<script|url\(|@import| on\w+=/g),
    null,
  );
});

Deno.test("drawStudyPage() has colors for light, dark and paper, each with every name", () => {
  const [, style] = /<style>([^<]*)<\/style>/.exec(drawStudyPage(study))!;
  const themes = [...style!.matchAll(/:root \{([^}]*)\}/g)].map(([, theme]) =>
    [...theme!.matchAll(/(--\w+):/g)].map(([, name]) => name).sort()
  );
  assertEquals(themes.length, 3);
  const used = new Set(
    [...style!.matchAll(/var\((--\w+)\)/g)].map(([, name]) => name!),
  );
  used.delete("--shade");
  for (const theme of themes) assertEquals(theme, [...used].sort());
});

Deno.test("drawStudyPage() shows a study with several objectives by its front", () => {
  const trials = Array.from({ length: 9 }, (_, number) =>
    trialOf(number, {
      values: [number % 3, number, -number],
      params: { rate: 10 ** -(number % 4) },
      distributions: { rate },
    }));
  const page = drawStudyPage(
    studyOf(trials, { directions: ["maximize", "minimize", "minimize"] }),
  );
  assertWellFormed(page);
  assertEquals(sectionsOf(page).slice(0, 2), ["Pareto front", "History"]);
  assertStringIncludes(page, "There is no single best trial");
  assertStringIncludes(page, "The first two objectives");
  assertEquals(page.match(/<svg[^>]*"history-\d-/g)?.length, 3);
  assert(!page.includes('best-box"'));
});

Deno.test("drawStudyPage() says so where there is nothing to draw", () => {
  const empty = drawStudyPage(studyOf([]));
  assertWellFormed(empty);
  assertEquals(sectionsOf(empty), ["Trials"]);
  assertStringIncludes(empty, "There are none yet.");
  const failed = drawStudyPage(studyOf([trialOf(0, { params: { a: 1 } })]));
  assertWellFormed(failed);
  assertEquals(sectionsOf(failed), [
    "History",
    "Importance of the parameters",
    "Trials",
  ]);
  assertStringIncludes(failed, "Nothing to report");
});

Deno.test("drawStudyPage() stays small for thousands of trials, and says what it leaves out", () => {
  const space = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [`parameter ${i}`, rate]),
  );
  const trials = Array.from({ length: 2500 }, (_, number) =>
    trialOf(number, {
      values: [Math.sin(number)],
      params: Object.fromEntries(
        Object.keys(space).map((name, i) => [
          name,
          10 ** -((number * (i + 1) * 0.618) % 4),
        ]),
      ),
      distributions: space,
      intermediateValues: new Map(
        Array.from({ length: 300 }, (_, step) => [step, step / 300]),
      ),
    }));
  const page = drawStudyPage(studyOf(trials));
  assertLess(page.length, 4e6);
  for (
    const text of [
      "The 12 most important of 40 parameters.",
      "300 of 2500 trials: the best 60, the others evenly by rank.",
      "The 24 most important of 40 are drawn.",
      "1000 of 2500, evenly from all.",
      "Of 2500 trials that reported any, the best 50 and the latest have a curve, 100 in all.",
      "500 of 2500 trials: the best and the latest.",
      "30 of 40 parameters, those that matter most.",
    ]
  ) assertStringIncludes(page, text);
  assertEquals(cellsOf(page).length, 501);
});

for (const { study } of optunaStudies) {
  Deno.test(`drawStudyPage() shows ${study.trials.length} trials of Optuna's "${study.name}"`, () => {
    const page = drawStudyPage(study);
    assertWellFormed(page);
    assertEquals(cellsOf(page).length, study.trials.length + 1);
  });
}

Deno.test("drawStudyPage() is well-formed and has a place for every mark in any study", () => {
  fc.assert(
    fc.property(anyStudy, (study) => {
      const page = drawStudyPage(study);
      assertWellFormed(page);
      const places = [
        ...page.matchAll(/ (?:d|x|y|width|height)="([^"]*)"/g),
      ];
      for (const [, place] of places) {
        assertMatch(place!, /^[MLHVhvmalz\d.e -]*$/);
      }
      assertEquals(drawStudyPage(study), page);
    }),
    { numRuns: 200 },
  );
});
