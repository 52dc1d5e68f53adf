/** @file Focus never falls off the page with a button that goes. */

/** @param {Element | null} element */
function canHaveFocus(element) {
  return element instanceof HTMLElement && element.offsetParent !== null && !element.matches(':disabled, body');
}

/**
 * Changes the page; if what has the focus in a part of it goes thereby, the first element that can gets it.
 * @param {HTMLElement} part
 * @param {() => void} change
 * @param {HTMLElement[]} others
 */
export function keepFocus(part, change, others) {
  const had = part.contains(document.activeElement) && canHaveFocus(document.activeElement);
  change();
  if (had && !canHaveFocus(document.activeElement)) others.find(canHaveFocus)?.focus();
}
