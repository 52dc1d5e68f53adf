/** @file Speaks the language of whoever looks at the page, as soon as the page is there, and tells which one in its footer. */
import {speak, translatePage} from './words.js';

/** Done once the page speaks; whoever says something waits for it. (No await of the module's own: WebKit lets importers pass.) */
export const spoken = begin();

async function begin() {
  const root = document.documentElement;
  const asked = new URLSearchParams(location.search).getAll('lang'); // in the address: before what the browser prefers
  const language = await speak([...asked, ...navigator.languages]);
  if (document.readyState === 'loading') await new Promise((resolve) => document.addEventListener('readystatechange', resolve, {once: true}));
  root.lang = language;
  if (language !== 'en') translatePage(root); // which is what index.html says
  showChoice(language);
  root.classList.remove('translating');
}

/** Links to the page in each language, whatever else its address says. @param {string} language that it speaks */
function showChoice(language) {
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll('.languages a'))) {
    const url = new URL(location.href);
    url.searchParams.set('lang', link.hreflang);
    link.href = url.href;
    if (link.hreflang === language) link.setAttribute('aria-current', 'true');
  }
}
