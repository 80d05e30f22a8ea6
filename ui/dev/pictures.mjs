/**
 * Takes a picture of every state of the gallery in every theme, size and language, and puts them on
 * one page: `npm run pictures`, or with words to take only those whose name has one of each kind:
 * `npm run pictures -- files de dark 1280x800`. They go to `pictures/index.html`.
 */
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { createServer } from "vite";

const run = promisify(execFile);
const OUT = "pictures";
const AT_ONCE = 2;
const CHROMIUM = process.env.CHROMIUM ?? "chromium";
/** More than the scenes of a state take, in the time of the page. */
const PLAYED_MS = 6000;
const TRIES = 3;

const kinds = {
  size: ["1280x800", "900x600", "720x480", "1920x1080"],
  theme: ["light", "dark"],
  language: ["en", "de"],
};
const wanted = process.argv.slice(2);
const chosen = (all) => {
  const some = all.filter((each) => wanted.includes(each));
  return some.length > 0 ? some : all;
};
const known = new Set(Object.values(kinds).flat());
const words = wanted.filter((word) => !known.has(word));

async function taken(url, picture, [width, height]) {
  const profile = await mkdtemp(join(tmpdir(), "pictures-"));
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"];
  flags.push(`--user-data-dir=${profile}`, `--virtual-time-budget=${PLAYED_MS}`);
  flags.push(`--window-size=${width},${height}`, `--screenshot=${picture}`);
  try {
    await run(CHROMIUM, [...flags, url], { timeout: 60_000 });
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function tried(url, picture, size) {
  for (let left = TRIES; ; left -= 1) {
    try {
      return await taken(url, picture, size);
    } catch (failure) {
      if (left === 1) throw failure;
    }
  }
}

const server = await createServer({ server: { port: 0, strictPort: false }, logLevel: "error" });
await server.listen();
const [base] = server.resolvedUrls.local;
const { screens } = await server.ssrLoadModule("/dev/states.ts");
const states = screens
  .map(([state]) => state)
  .filter((state) => words.length === 0 || words.some((word) => state.startsWith(word)));

const pictures = states.flatMap((state) =>
  chosen(kinds.size).flatMap((size) =>
    chosen(kinds.theme).flatMap((theme) =>
      chosen(kinds.language).map((language) => ({ state, size, theme, language })),
    ),
  ),
);

await mkdir(OUT, { recursive: true });
const fileOf = ({ state, size, theme, language }) => `${state}.${language}.${theme}.${size}.png`;
const waiting = [...pictures];
const failed = [];
async function take() {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { state, theme, language, size } = next;
    const url = `${base}dev/?state=${state}&theme=${theme}&language=${language}`;
    try {
      await tried(url, join(OUT, fileOf(next)), size.split("x"));
    } catch (failure) {
      failed.push(`${fileOf(next)}: ${failure.message}`);
    }
    process.stdout.write(`\r${pictures.length - waiting.length} of ${pictures.length}`);
  }
}
await Promise.all(Array.from({ length: AT_ONCE }, take));
await server.close();

const figure = (picture) =>
  `<figure><a href="${fileOf(picture)}"><img loading="lazy" src="${fileOf(picture)}"></a>` +
  `<figcaption>${picture.language} ${picture.theme} ${picture.size}</figcaption></figure>`;
const section = (state) =>
  `<h2>${state}</h2>${pictures
    .filter((each) => each.state === state)
    .map(figure)
    .join("")}`;
await writeFile(
  join(OUT, "index.html"),
  `<!doctype html><meta charset="utf-8"><title>Privicore – every state</title>
<style>body{font:14px system-ui}figure{display:inline-block;margin:4px}img{width:320px}</style>
${states.map(section).join("\n")}`,
);
console.log(`\n${pictures.length - failed.length} pictures in ${OUT}/index.html`);
if (failed.length > 0) throw new Error(`not taken:\n${failed.join("\n")}`);
