"""What of a page a visitor cannot see or press at a size of the window: cut off, beside it, or under something else."""

from __future__ import annotations

# A part's visible box is its box less what parts around it hide. Names of a user's own files may end in an ellipsis:
# the whole name stands in a title. Dialogs hide what lies behind them.
_FAULTS = """() => {
  const TOLERANCE = 1.5;
  const OWN_NAMES = '.batch-name, .tile-name, .tile-file, .tile-folder, .tile-error, select, option';
  const CONTROLS = 'a[href], button, select, summary, input:not([type=file]), textarea';
  const dialog = [...document.querySelectorAll('dialog[open]')].at(-1);
  const root = dialog ?? document.fullscreenElement ?? document.body;
  const name = (part) => {
    const text = (part.ariaLabel || part.textContent || '').trim().replace(/\\s+/g, ' ').slice(0, 40);
    const classes = [...part.classList].map((one) => '.' + one).join('');
    return `${part.tagName.toLowerCase()}${part.id ? '#' + part.id : ''}${classes} "${text}"`;
  };
  const styles = new Map();
  const style = (part) => styles.get(part) ?? styles.set(part, getComputedStyle(part)).get(part);
  const hides = (value) => value !== 'visible';
  const seen = (part) => part.checkVisibility({
    opacityProperty: true, visibilityProperty: true, contentVisibilityAuto: true,
  }) && !part.closest('.visually-hidden, .skip, [aria-hidden=true]')
    && style(part).clipPath !== 'inset(50%)';
  // With `forGood`, only what cannot be scrolled to is hidden.
  const within = (part, box, forGood = false) => {
    let {left, right, top, bottom} = box;
    for (let up = part.parentElement; up && up !== document.documentElement; up = up.parentElement) {
      if (style(up).display === 'contents') continue;
      if (forGood && ['auto', 'scroll'].includes(style(up).overflowY)) break;
      const frame = up.getBoundingClientRect();
      if (hides(style(up).overflowX)) { left = Math.max(left, frame.left); right = Math.min(right, frame.right); }
      if (hides(style(up).overflowY)) { top = Math.max(top, frame.top); bottom = Math.min(bottom, frame.bottom); }
      if (style(up).position === 'fixed') break;
    }
    return {left, right, top, bottom};
  };
  const cut = (part, whole) => {
    const box = within(part, whole, true);
    return ['left', 'right', 'top', 'bottom'].some((side) => Math.abs(box[side] - whole[side]) > 2 * TOLERANCE);
  };
  const empty = ({left, right, top, bottom}) => right - left < TOLERANCE || bottom - top < TOLERANCE;
  const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > TOLERANCE
    && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > TOLERANCE;
  const faults = new Set();
  const say = (words, ...parts) => faults.add(`${words}: ${parts.map(name).join(' | ')}`);

  const across = document.scrollingElement;
  if (across.scrollWidth > innerWidth) say(`the page is ${across.scrollWidth} wide, not ${innerWidth}`, document.body);
  const parts = [...root.querySelectorAll('*')].filter((part) => !(part instanceof SVGElement) && seen(part));
  for (const part of parts) {
    const sideways = part.scrollWidth > part.clientWidth + TOLERANCE && part.clientWidth > 0;
    if (sideways && ['auto', 'scroll'].includes(style(part).overflowX)) say('scrolls sideways', part);
    if (sideways && ['hidden', 'clip'].includes(style(part).overflowX) && part.innerText?.trim() &&
        !part.matches(OWN_NAMES)) say('is cut off', part);
    if (part.matches('button') && sideways && !part.matches('.tile-open')) say('is wider than its button', part);
  }

  // The lines of text, each with the part that it is of
  const lines = [];
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode, part = text.parentElement;
    if (!text.data.trim() || !part || !seen(part) || part.closest('select, svg, video')) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const height = parseFloat(style(part).lineHeight) || Infinity;
    for (const given of range.getClientRects()) {
      const air = Math.max(0, (given.height - height) / 2); // large letters have more of it than their line is high
      const whole = {left: given.left, right: given.right, top: given.top + air, bottom: given.bottom - air};
      const box = within(part, whole);
      if (empty(box)) continue;
      lines.push({part, box});
      if (whole.left < -TOLERANCE || whole.right > innerWidth + TOLERANCE) {
        if (!part.closest(OWN_NAMES)) say('text is beside the window', part);
      }
      if (!part.closest(OWN_NAMES) && cut(part, whole)) say('text is cut off', part);
    }
    const tops = new Set([...range.getClientRects()].map(({top}) => Math.round(top)));
    const isOneWord = !/[\\s\\u00ad-]/.test(text.data.trim());
    if (tops.size > 1 && isOneWord && !part.closest(OWN_NAMES)) say('a word is broken', part);
  }
  const controls = parts.filter((part) => part.matches(CONTROLS)).map((part) => {
    const shown = part.matches('input[type=radio]') ? part.parentElement : part;
    return {part: shown, box: within(shown, shown.getBoundingClientRect())};
  }).filter(({box}) => !empty(box));
  for (const {part, box} of controls) {
    if (box.left < -TOLERANCE || box.right > innerWidth + TOLERANCE) say('is beside the window', part);
  }
  for (const part of parts.filter((one) => one.matches(CONTROLS))) {
    if (cut(part, part.getBoundingClientRect())) say('is cut off', part);
  }
  const pen = document.createElement('canvas').getContext('2d');
  for (const part of parts.filter((one) => one.matches('select'))) { // less its arrow
    pen.font = style(part).font;
    const room = part.clientWidth - parseFloat(style(part).paddingLeft) - parseFloat(style(part).paddingRight) - 14;
    if (pen.measureText(part.selectedOptions[0]?.text ?? '').width > room) say('what is chosen is cut off', part);
  }
  // A card's arrow lies over its head, which leaves it room.
  const same = (a, b) => a.contains(b) || b.contains(a) ||
    [a, b].some((one) => one.matches('.face-more')) && [a, b].some((one) => one.matches('.face-head'));
  const pinned = (part) => { // a dialog's head stays over what is scrolled below it
    for (let up = part; up; up = up.parentElement) if (['sticky', 'fixed'].includes(style(up).position)) return up;
    return null;
  };
  const pairs = (ones, others, words) => ones.forEach((one, index) => {
    for (const other of ones === others ? others.slice(index + 1) : others) {
      if (same(one.part, other.part) || pinned(one.part) !== pinned(other.part)) continue;
      if (meet(one.box, other.box)) say(words, one.part, other.part);
    }
  });
  pairs(controls, controls, 'overlap');
  pairs(controls, lines, 'text lies on a control');
  pairs(lines, lines, 'texts overlap');
  return [...faults];
}"""


def layout_faults(page) -> list[str]:
    """Returns what is cut off, beside the window, scrolled sideways or overlapping in the page as it stands now.

    While a dialog or one part fills the window, only that is looked at.
    """
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page.evaluate(_FAULTS)
