/**
 * @file What was read, as one HTML file that needs nothing else: no script, no other file, no connection.
 */
import {faceName, percent, shadeOf} from '../palette.js';
import {formatNumber, labelWord, t} from '../words/words.js';
import {clockOf} from './clock.js';
import {LINE_HIGH, LINE_WIDE, linesOf, pathsOf} from './segments.js';

/** @typedef {import('./reading.js').Reading} Reading */
/** @typedef {import('./segments.js').Line} Line */

const UNCLEAR = '#98a29d';
const MOST_LINES = 60; // faces that have a line; the table has all
const QUALITY = 0.85; // of the JPEGs

const STYLE = `
:root { color-scheme: light; --ink: #1c1f1e; --muted: #5b605d; --line: #dcd8cf; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1000px; padding: 32px 24px; color: var(--ink); background: #fff;
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
h1 { font-size: 1.7rem; line-height: 1.2; letter-spacing: -0.02em; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 32px 0 10px; }
p { margin: 6px 0; } .muted { color: var(--muted); font-size: 0.9rem; }
.notice { border-left: 4px solid #8a4b00; padding: 4px 12px; background: #f8f1e6; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 18px; margin: 16px 0; }
dt { color: var(--muted); } dd { margin: 0; overflow-wrap: anywhere; }
.legend, .best { list-style: none; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: 6px 18px; font-size: 0.88rem; }
.legend svg { width: 14px; height: 14px; vertical-align: -2px; margin-right: 6px; }
.face { margin: 12px 0; break-inside: avoid; } .face h3 { font-size: 0.95rem; margin: 0 0 3px; }
.face h3 span { font-weight: 400; color: var(--muted); }
.face svg { display: block; width: 100%; height: 26px; background: #f3f1ec; border-radius: 5px; }
.axis { display: flex; justify-content: space-between; font-size: 0.8rem; color: var(--muted); }
.best { gap: 16px; } .best li { width: 148px; break-inside: avoid; } .best img { width: 148px; height: 148px; border-radius: 12px; display: block; }
.best b { display: block; margin-top: 4px; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: 0.88rem; font-variant-numeric: tabular-nums; width: 100%; }
th, td { text-align: right; padding: 5px 9px; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child { text-align: left; } tr { break-inside: avoid; }
@media print { body { padding: 0; max-width: none; font-size: 11pt; } .scroll { overflow: visible; } }`;

/**
 * The report of a reading.
 * @param {Reading} reading
 * @param {string} notice how far it came, if not to the end
 * @param {Date} [now]
 */
export function reportOf(reading, notice, now = new Date()) {
  const {labels, samples, duration, rate, frames, pictures, model, engine} = reading;
  const lines = linesOf(samples, 1 / rate, duration);
  const {lang} = document.documentElement;
  const name = reading.name || t('video.unnamed');
  const title = t('video.report.title', {name});
  /** @type {[string, string][]} */
  const facts = [
    [t('video.report.length'), clockOf(duration)],
    [t('video.report.frames'), t('video.report.frames.of', {frames, rate})],
    [t('video.report.faces'), formatNumber(lines.length)],
    [t('video.report.model'), t('video.report.model.on', {model, engine: engine === 'tfjs' ? 'TensorFlow.js' : 'LiteRT'})],
    [t('video.report.date'), new Intl.DateTimeFormat(lang, {dateStyle: 'long', timeStyle: 'short'}).format(now)],
  ];
  return `<!doctype html>
<html lang="${escaped(lang)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
<p class="muted">${escaped(t('video.report.by'))}</p>
${notice ? `<p class="notice">${escaped(notice)}</p>` : ''}
<dl>${facts.map(([term, fact]) => `<dt>${escaped(term)}</dt><dd>${escaped(fact)}</dd>`).join('')}</dl>
${lines.length ? parts(lines, reading, [...pictures.best.values()]) : `<p>${escaped(t('video.none'))}</p>`}
<h2>${escaped(t('video.report.limits'))}</h2>
<ul>${(/** @type {const} */ (['read', 'tracks', 'trained', 'fair', 'use'])).map((limit) => `<li>${escaped(t(`video.limit.${limit}`))}</li>`).join('')}</ul>
</main>
</body>
</html>
`;

  /** @param {Line[]} all @param {Reading} of @param {import('./pictures.js').Best[]} best */
  function parts(all, of, best) {
    const used = labels.map((_, index) => index).filter((index) => all.some(({shares}) => shares.some(({label}) => label === index)));
    const columns = all.some(({shares}) => shares.some(({label}) => label < 0)) ? [...used, -1] : used;
    const dots = columns.map((label) => `<li><svg viewBox="0 0 14 14" aria-hidden="true"><rect width="14" height="14" rx="4" fill="${shade(label)}"/></svg>${escaped(word(label))}</li>`);
    const cells = all.map(({face, seen, shares}) => `<tr><th scope="row">${escaped(nameOf(face))}</th><td>${clockOf(seen)}</td>${columns.map((label) => `<td>${escaped(percent(shares.find((one) => one.label === label)?.share ?? 0))}</td>`).join('')}</tr>`);
    const rest = all.length - MOST_LINES;
    return `<h2>${escaped(t('video.report.timeline'))}</h2>
<ul class="legend">${dots.join('')}</ul>
${all.slice(0, MOST_LINES).map((line) => drawn(line, of)).join('\n')}
<p class="axis"><span>0:00</span><span>${clockOf(of.duration / 2)}</span><span>${clockOf(of.duration)}</span></p>
${rest > 0 ? `<p class="muted">${escaped(t('video.report.rest', {count: rest}))}</p>` : ''}
${best.length ? `<h2>${escaped(t('video.best'))}</h2>
<ul class="best">${best.sort((one, other) => one.label - other.label).map((one) => `<li><img src="${one.canvas.toDataURL('image/jpeg', QUALITY)}" alt=""><b>${escaped(word(one.label))} ${escaped(percent(one.share))}</b>${escaped(`${clockOf(one.seconds)} · ${nameOf(one.face)}`)}</li>`).join('')}</ul>` : ''}
<h2>${escaped(t('video.report.shares'))}</h2>
<div class="scroll"><table><thead><tr><th scope="col">${escaped(t('video.report.face'))}</th><th scope="col">${escaped(t('video.report.seen'))}</th>${columns.map((label) => `<th scope="col">${escaped(word(label))}</th>`).join('')}</tr></thead>
<tbody>${cells.join('')}</tbody></table></div>`;
  }

  /** @param {Line} line @param {Reading} of */
  function drawn({face, seen, segments, shares}, of) {
    const said = shares.map(({label, share}) => `${word(label)} ${percent(share)}`).join(', ');
    const paths = pathsOf(segments, of.duration).map(({label, path}) => `<path fill="${shade(label)}" d="${path}"/>`);
    return `<div class="face"><h3>${escaped(nameOf(face))} <span>${escaped(`${t('video.seen', {time: clockOf(seen)})} · ${said}`)}</span></h3>
<svg viewBox="0 0 ${LINE_WIDE} ${LINE_HIGH}" preserveAspectRatio="none" role="img" aria-label="${escaped(`${nameOf(face)}: ${said}`)}">${paths.join('')}</svg></div>`;
  }

  /** @param {number} label */
  function word(label) {
    return label < 0 ? t('emotion.unclear') : labelWord(labels[label]);
  }
}

/** @param {number} label */
const shade = (label) => (label < 0 ? UNCLEAR : shadeOf(label));
/** @param {number} face */
const nameOf = (face) => faceName({track: face}, 0);

/** @param {string} text */
function escaped(text) {
  return text.replaceAll(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
